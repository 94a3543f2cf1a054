"""Does each error do what it should? The carrier's list, line by line."""

from typing import NamedTuple

import pytest

from bot.channels import failures, twilio
from bot.channels.channel import Again, Unknown
from bot.channels.failures import Act
from bot.channels.transport import Reply

ALWAYS, MANY, NEVER = "always", "many", "never"


class Line(NamedTuple):
    """One line of the list: these codes, what becomes of the copy, whether the sender stands still, whether people are told."""

    codes: tuple[int, ...]
    act: Act
    stops: bool = False
    told: str = NEVER
    tries: int = 0


LIST = (
    Line((30500,), Act.AGAIN, tries=1),
    # auth: stop all sends, page the operator
    Line((20003, 20005), Act.HOLD, stops=True, told=ALWAYS),
    # sender config: stop, operator
    Line((20404, 21705, 21704, 21703, 21606, 21603, 21659), Act.HOLD, stops=True, told=ALWAYS),
    # account suspended: stop all, operator
    Line((30002,), Act.HOLD, stops=True, told=ALWAYS),
    # bad, not mobile: suppress
    Line((21211, 21214, 21217, 21614), Act.SUPPRESS),
    # opted out: never again until START
    Line((21610,), Act.UNSUBSCRIBE),
    # not reachable by this route: suppress, operator if many
    Line((21612,), Act.SUPPRESS, told=MANY),
    # geo permission: operator, drop
    Line((21408,), Act.GIVE_UP, told=ALWAYS),
    # queue overflow: slow down, requeue later
    Line((21611, 30001), Act.HOLD, stops=True, told=ALWAYS),
    # too long: our mistake
    Line((21617,), Act.GIVE_UP, told=ALWAYS),
    # off: later, bounded
    Line((30003,), Act.AGAIN, tries=3),
    Line((30004, 30005, 30006), Act.SUPPRESS),
    # filtered: not the same text again; operator above one in a hundred
    Line((30007,), Act.GIVE_UP, told=MANY),
    Line((30008,), Act.AGAIN, tries=1),
    # congestion, rate: again, slower
    Line((30017,), Act.AGAIN, tries=4),
    Line((30022,), Act.AGAIN, told=MANY, tries=6),
    # a carrier's daily cap: those of that carrier wait for midnight, all others do not
    Line((30023,), Act.TOMORROW, told=ALWAYS),
    # not registered: stop, operator
    Line((30032, 30034, 30035), Act.HOLD, stops=True, told=ALWAYS),
    # its time was over: not again
    Line((30036,), Act.GIVE_UP),
    # provider time-out: one more try, for alerts
    Line((30410,), Act.AGAIN, tries=1),
    Line((30450,), Act.GIVE_UP, told=ALWAYS),
    Line((30610, 30640), Act.GIVE_UP, told=ALWAYS),
    Line((30047,), Act.AGAIN, told=ALWAYS, tries=2),
    # loop guard: 30 s and more without a reply to that number
    Line((14107,), Act.AGAIN, tries=2),
    # a recording could not be fetched, or not passed on
    Line((11751, 12300, 21620, 30019, 63019, 63021, 63034), Act.GIVE_UP, told=ALWAYS),
    # our webhook failed: operator (what was missed is listed)
    Line((11200, 11205), Act.GIVE_UP, told=ALWAYS),
    # WhatsApp
    Line((63016,), Act.TO_SMS),
    Line((63017, 63018), Act.AGAIN, tries=4),
    Line((63003, 63024), Act.TO_SMS),
    Line((63005, 63013), Act.TO_SMS, told=ALWAYS),
    Line((63014, 63033), Act.UNSUBSCRIBE),
    Line((63032,), Act.TO_SMS),
    Line((63027, 63028, 63030, 63040, 63041, 63042), Act.TO_SMS, told=ALWAYS),
    Line((63049,), Act.TO_SMS, told=MANY),
    Line((63038,), Act.HOLD, stops=True, told=ALWAYS),
    Line((63007, 63051), Act.TO_SMS, stops=True, told=ALWAYS),
)


@pytest.mark.parametrize("line", LIST, ids=lambda line: str(line.codes[0]))
def test_the_list(line: Line) -> None:
    for code in line.codes:
        found = failures.failure(code)
        told = ALWAYS if found.tell else MANY if found.tell_share else NEVER
        assert Line(line.codes, found.act, found.stops_sender, told, found.tries) == line


def test_the_table_has_the_codes_of_the_list_and_no_others() -> None:
    listed = [code for line in LIST for code in line.codes]
    assert sorted(listed) == sorted(failures.BY_CODE)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_have_left_is_no_refusal_whatever_code_it_carries(status: int) -> None:
    for code in (20500, 20503, 21610, 20003):
        reply = Reply(status, b'{"code": %d}' % code, may_have_left=True)
        assert twilio.outcome(reply) == Unknown(f"http_{status}")


def test_too_many_requests_is_no_failure_at_all() -> None:
    outcome = twilio.outcome(Reply(429, b'{"code": 20429}', may_have_left=True))
    assert isinstance(outcome, Again) and outcome.too_many


def test_no_answer_and_a_broken_connection_are_unknown_once_a_byte_may_have_left() -> None:
    assert isinstance(twilio.outcome(Reply(0, b"", may_have_left=True, error="curl_28")), Unknown)
    assert isinstance(twilio.outcome(Reply(0, b"", may_have_left=False, error="curl_7")), Again)


@pytest.mark.parametrize("code", [None, "", "x", 0, 99999, "-1", "30003.5"])
def test_a_code_nobody_knows_is_not_sent_again_and_is_told(code: int | str | None) -> None:
    found = failures.failure(code)
    assert (found.name, found.act, found.tell, found.stops_sender) == ("unrecognised", Act.GIVE_UP, True, False)


def test_a_code_may_come_as_a_number_or_as_text() -> None:
    assert failures.failure("30003") is failures.failure(30003)


def test_the_table_contradicts_itself_nowhere() -> None:
    for one in failures.BY_NAME.values():
        assert (one.tries > 0) == (one.act is Act.AGAIN), one.name
        assert one.after_seconds > 0 or one.act not in (Act.AGAIN, Act.HOLD), one.name
        assert one.stops_sender or one.act is not Act.HOLD, (
            f"{one.name}: who waits with the sender needs it to stand still"
        )
        assert one.after_seconds > 0 or not one.stops_sender, one.name
        assert one.tell or not one.stops_sender, f"{one.name}: nobody would mend it"
        assert not (one.tell and one.tell_share), one.name
        assert len(one.name) <= 32, f"{one.name} is longer than its column"
    assert len(failures.BY_NAME) == len({id(one) for one in failures.BY_NAME.values()})
