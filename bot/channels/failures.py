"""What does the system do about each of the carrier's errors? A table of named values; the safe default comes last.

Codes and what to do about them: Twilio's error dictionary and facts/twilio.md. A code may come in the answer to our request
or, minutes later, in a receipt.
"""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What follows."""

    GIVE_UP = "give_up"
    """This copy is not sent again."""
    AGAIN = "again"
    """Sent again after `after_seconds`, `tries` times at most, within its expiry."""
    UNSUBSCRIBE = "unsubscribe"
    """They said STOP to the carrier: so they did to us, until START."""
    SUPPRESS = "suppress"
    """This number cannot be reached: nothing is sent to it until it writes to us."""
    TO_SMS = "to_sms"
    """Not by WhatsApp: once by SMS instead."""
    HOLD = "hold"
    """Not this copy's fault, the account or the sender is in trouble: it waits, as all others do, and people are told."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure, by the name that is kept with a copy."""

    name: str
    act: Act
    after_seconds: float = 0
    tries: int = 0
    tell: bool = False
    """An operator has to mend something."""


_TABLE: tuple[tuple[tuple[int, ...], Failure], ...] = (
    # The number.
    ((21211, 21214, 21217, 21614), Failure("not_a_mobile", Act.SUPPRESS)),
    ((21610,), Failure("opted_out", Act.UNSUBSCRIBE)),
    ((21612,), Failure("no_route", Act.SUPPRESS)),
    ((30004,), Failure("blocked", Act.SUPPRESS)),
    ((30005,), Failure("unknown_number", Act.SUPPRESS)),
    ((30006,), Failure("landline", Act.SUPPRESS)),
    # The moment: the same number may be reached later.
    ((30001, 21611), Failure("queue_full", Act.AGAIN, after_seconds=30, tries=20)),
    ((30003,), Failure("phone_off", Act.AGAIN, after_seconds=300, tries=3)),
    ((30008,), Failure("carrier_unknown", Act.AGAIN, after_seconds=120, tries=1)),
    ((30017,), Failure("carrier_congested", Act.AGAIN, after_seconds=30, tries=5)),
    ((30022,), Failure("campaign_rate", Act.AGAIN, after_seconds=20, tries=10)),
    ((30047,), Failure("not_rescheduled", Act.AGAIN, after_seconds=30, tries=2, tell=True)),
    ((30410,), Failure("carrier_timeout", Act.AGAIN, after_seconds=60, tries=1)),
    ((30500,), Failure("carrier_internal", Act.AGAIN, after_seconds=30, tries=1)),
    ((63017, 63018), Failure("channel_rate", Act.AGAIN, after_seconds=10, tries=10)),
    # Said too late, too long, too often.
    ((30036,), Failure("expired_at_carrier", Act.GIVE_UP)),
    ((21617,), Failure("too_long", Act.GIVE_UP, tell=True)),
    ((14107,), Failure("reply_loop", Act.GIVE_UP)),
    ((30007,), Failure("filtered", Act.GIVE_UP, tell=True)),
    ((21408,), Failure("country_not_allowed", Act.GIVE_UP, tell=True)),
    ((30450,), Failure("pumping_block", Act.GIVE_UP, tell=True)),
    ((30610, 30640), Failure("compliance_block", Act.GIVE_UP, tell=True)),
    # The account or the sender: nothing will leave until somebody mends it.
    ((20003, 20005), Failure("not_authorized", Act.HOLD, after_seconds=60, tell=True)),
    (
        (20404, 21603, 21606, 21659, 21703, 21704, 21705),
        Failure("sender_not_set_up", Act.HOLD, after_seconds=60, tell=True),
    ),
    ((30002,), Failure("account_suspended", Act.HOLD, after_seconds=60, tell=True)),
    ((30023,), Failure("daily_cap", Act.HOLD, after_seconds=900, tell=True)),
    ((30032, 30034, 30035), Failure("sender_not_registered", Act.HOLD, after_seconds=300, tell=True)),
    ((63007,), Failure("whatsapp_not_set_up", Act.TO_SMS, tell=True)),
    ((63038,), Failure("account_daily_limit", Act.HOLD, after_seconds=900, tell=True)),
    # WhatsApp.
    ((63003, 63024), Failure("not_on_whatsapp", Act.TO_SMS)),
    ((63016,), Failure("outside_window", Act.TO_SMS)),
    ((63032,), Failure("whatsapp_experiment", Act.TO_SMS)),
    ((63049,), Failure("whatsapp_not_delivered", Act.TO_SMS)),
    ((63005, 63013), Failure("whatsapp_policy", Act.TO_SMS, tell=True)),
    ((63027, 63028, 63030, 63040, 63041, 63042), Failure("whatsapp_template", Act.TO_SMS, tell=True)),
    ((63051,), Failure("whatsapp_locked", Act.TO_SMS, tell=True)),
    ((63014, 63033), Failure("blocked_on_whatsapp", Act.UNSUBSCRIBE)),
)

BY_CODE: dict[int, Failure] = {code: failure for codes, failure in _TABLE for code in codes}

UNRECOGNISED = Failure("unrecognised", Act.GIVE_UP, tell=True)
"""The carrier said no in words we do not know: to send again could be wrong for ever, so it is not, and people are told."""

NAMES = frozenset({failure.name for failure in BY_CODE.values()} | {UNRECOGNISED.name})


def failure(code: int | str | None) -> Failure:
    """What to do about a code. Never fails."""
    try:
        return BY_CODE.get(int(code or 0), UNRECOGNISED)
    except ValueError:
        return UNRECOGNISED
