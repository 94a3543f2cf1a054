"""What does the system do about each of the carrier's errors? A table of named values; the safe default comes last.

Codes and what to do about them: Twilio's error dictionary (twilio.com/docs/api/errors). A code may come in the answer to our
request or, seconds to hours later, in a receipt. What is no message's own code is decided elsewhere: 429, 5xx and no answer at
all by `channels.twilio`, which never lets them look like a refusal.
"""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What follows for the copy."""

    GIVE_UP = "give_up"
    """It is not sent again."""
    AGAIN = "again"
    """Sent again after `after_seconds`, then after twice that, `tries` times at most, within its expiry; after that, `then`."""
    UNSUBSCRIBE = "unsubscribe"
    """They said STOP to the carrier: so they did to us, until START."""
    SUPPRESS = "suppress"
    """This number cannot be reached: nothing is sent to it until it writes to us."""
    TO_SMS = "to_sms"
    """Not by WhatsApp: once by SMS instead."""
    TOMORROW = "tomorrow"
    """Not before the carriers' day begins anew. What cannot wait so long goes by WhatsApp where that is open."""
    HOLD = "hold"
    """Not this copy's fault: it waits with its sender, which stands still (`outbox.breaker`)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure, by the name that is kept with a copy."""

    name: str
    act: Act
    after_seconds: float = 0
    tries: int = 0
    then: Act = Act.GIVE_UP
    """What follows when another try does not (`AGAIN`)."""
    urgent_only: bool = False
    """Tried again only for alerts and what outranks them: it might arrive twice, and only those are worth that."""
    stops_sender: bool = False
    """No copy would fare better: the whole sender stands still, at first for `after_seconds`."""
    tell: bool = False
    """Somebody has to mend something: told from the first one on (`outbox.troubles`)."""
    tell_share: float = 0
    """Told once more than this share of a broadcast's copies end so."""


MANY = 0.01
"""One in a hundred filtered or turned away says that something is wrong with us, not with a number."""

_TABLE: tuple[tuple[tuple[int, ...], Failure], ...] = (
    # The number.
    ((21211, 21214, 21217, 21614), Failure("not_a_mobile", Act.SUPPRESS)),
    ((21610,), Failure("opted_out", Act.UNSUBSCRIBE)),
    ((21612,), Failure("no_route", Act.SUPPRESS, tell_share=MANY)),
    ((30004,), Failure("blocked", Act.SUPPRESS)),
    ((30005,), Failure("unknown_number", Act.SUPPRESS)),
    ((30006,), Failure("landline", Act.SUPPRESS)),
    # The moment: the same number may be reached later.
    ((30003,), Failure("phone_off", Act.AGAIN, after_seconds=300, tries=3)),
    ((30008,), Failure("carrier_unknown", Act.AGAIN, after_seconds=120, tries=1)),
    ((30017,), Failure("carrier_congested", Act.AGAIN, after_seconds=30, tries=4)),
    ((30022,), Failure("campaign_rate", Act.AGAIN, after_seconds=20, tries=6, tell_share=MANY)),
    ((30047,), Failure("not_rescheduled", Act.AGAIN, after_seconds=30, tries=2, tell=True)),
    ((30410,), Failure("carrier_timeout", Act.AGAIN, after_seconds=60, tries=1, urgent_only=True)),
    ((30500,), Failure("carrier_internal", Act.AGAIN, after_seconds=30, tries=1)),
    ((63017, 63018), Failure("channel_rate", Act.AGAIN, after_seconds=10, tries=4, then=Act.TO_SMS)),
    # Twilio's loop guard ends by itself after 30 s without a reply to that pair.
    ((14107,), Failure("reply_loop", Act.AGAIN, after_seconds=35, tries=2)),
    # Each carrier counts for itself, and we cannot tell whose customer somebody is: so this copy waits, the sender does not.
    ((30023,), Failure("daily_cap", Act.TOMORROW, tell=True)),
    # Said too late, too long, in the wrong words, to the wrong place.
    ((30036,), Failure("expired_at_carrier", Act.GIVE_UP)),
    ((21617,), Failure("too_long", Act.GIVE_UP, tell=True)),
    ((30007,), Failure("filtered", Act.GIVE_UP, tell_share=MANY)),
    ((21408,), Failure("country_not_allowed", Act.GIVE_UP, tell=True)),
    ((30450,), Failure("pumping_block", Act.GIVE_UP, tell=True)),
    ((30610, 30640), Failure("compliance_block", Act.GIVE_UP, tell=True)),
    # The recording that went with it: it could not be fetched, or a phone would not take it.
    ((11751, 12300, 21620, 30019, 63019, 63021, 63034), Failure("content_refused", Act.GIVE_UP, tell=True)),
    # Our own address did not answer Twilio. What it kept from us is listed and catches up by itself.
    ((11200, 11205), Failure("webhook_unanswered", Act.GIVE_UP, tell=True)),
    # The account or the sender: nothing will leave until somebody mends it.
    ((20003, 20005), Failure("not_authorized", Act.HOLD, after_seconds=60, stops_sender=True, tell=True)),
    (
        (20404, 21603, 21606, 21659, 21703, 21704, 21705),
        Failure("sender_not_set_up", Act.HOLD, after_seconds=60, stops_sender=True, tell=True),
    ),
    ((30002,), Failure("account_suspended", Act.HOLD, after_seconds=60, stops_sender=True, tell=True)),
    (
        (30032, 30034, 30035),
        Failure("sender_not_registered", Act.HOLD, after_seconds=300, stops_sender=True, tell=True),
    ),
    ((63038,), Failure("account_daily_limit", Act.HOLD, after_seconds=900, stops_sender=True, tell=True)),
    # Twilio holds ten hours of a sender's pace; more than that waiting means our rate is set higher than theirs.
    ((21611, 30001), Failure("queue_full", Act.HOLD, after_seconds=30, stops_sender=True, tell=True)),
    # WhatsApp: the sender.
    ((63007,), Failure("whatsapp_not_set_up", Act.TO_SMS, after_seconds=300, stops_sender=True, tell=True)),
    ((63051,), Failure("whatsapp_locked", Act.TO_SMS, after_seconds=300, stops_sender=True, tell=True)),
    # WhatsApp: this person, these words.
    ((63003, 63024), Failure("not_on_whatsapp", Act.TO_SMS)),
    ((63016,), Failure("outside_window", Act.TO_SMS)),
    ((63032,), Failure("whatsapp_experiment", Act.TO_SMS)),
    ((63049,), Failure("whatsapp_not_delivered", Act.TO_SMS, tell_share=MANY)),
    ((63005, 63013), Failure("whatsapp_policy", Act.TO_SMS, tell=True)),
    ((63027, 63028, 63030, 63040, 63041, 63042), Failure("whatsapp_template", Act.TO_SMS, tell=True)),
    ((63014, 63033), Failure("blocked_on_whatsapp", Act.UNSUBSCRIBE)),
)

BY_CODE: dict[int, Failure] = {code: failure for codes, failure in _TABLE for code in codes}

UNRECOGNISED = Failure("unrecognised", Act.GIVE_UP, after_seconds=30, tell=True)
"""The carrier said no in words we do not know: to send again could be wrong for ever, so it is not, and people are told.

A run of them stops the sender (`outbox.breaker`): what refuses everybody must not use up a whole neighborhood's copies.
"""

BY_NAME: dict[str, Failure] = {failure.name: failure for failure in (*BY_CODE.values(), UNRECOGNISED)}
NAMES = frozenset(BY_NAME)


def failure(code: int | str | None) -> Failure:
    """What to do about a code. Never fails."""
    try:
        return BY_CODE.get(int(code or 0), UNRECOGNISED)
    except ValueError:
        return UNRECOGNISED
