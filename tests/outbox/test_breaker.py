"""Does a sender in trouble stand still everywhere, try with one copy alone, and go on as soon as that one goes through?"""

import pytest
import time_machine
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.channels.channel import Again, Handed, Outcome, Refused, Unknown
from bot.channels.failures import UNRECOGNISED, failure
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import pausing
from bot.outbox.breaker import UNLIMITED, Breaker
from bot.outbox.carrier_models import Pause
from bot.outbox.delivery_models import Delivery, State
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, notice
from tests.services.settings import Environment

WELL = Handed("SM" + "0" * 31 + "1")
ERROR = Unknown("http_503")
NO_AUTHORITY = Refused(failure(20003))


def worker(channel: Channel = Channel.SMS) -> Breaker:
    """As a worker has it that looks for the first time."""
    made = Breaker(channel)
    refresh(made)
    return made


def refresh(breaker: Breaker, first: int | None = None) -> None:
    """What a worker's desk does for it, done at once."""
    if (errand := breaker.errand(first)) is not None:
        breaker.take(errand())


def again(breaker: Breaker, first: int | None = None) -> Breaker:
    """Half a second later."""
    breaker.look_at_once()
    refresh(breaker, first)
    return breaker


def hears(breaker: Breaker, *outcomes: Outcome, copy: int = 900) -> Breaker:
    for outcome in outcomes:
        breaker.heard(copy, outcome)
    return breaker


def tries(breaker: Breaker, clock: time_machine.Traveller, copy: int = 7) -> None:
    """The time has come, and this copy is tried."""
    clock.move_to(_pause().until)
    again(breaker)
    assert breaker.may_hold == 1 and not breaker.may_begin(copy)
    again(breaker, first=copy)
    assert breaker.may_begin(copy)


def _pause() -> Pause:
    with reading() as session:
        return session.query(Pause).order_by(Pause.id.desc()).limit(1).one()


def _pauses() -> int:
    with reading() as session:
        return session.query(Pause).count()


def test_it_takes_a_run_of_errors(database_url: str, clock: time_machine.Traveller, env: Environment) -> None:
    env.set(pause_after_errors=3)
    breaker = hears(worker(), ERROR, ERROR, WELL, ERROR, ERROR)
    assert again(breaker).may_hold == UNLIMITED
    hears(breaker, ERROR)
    assert breaker.may_hold == 0 and not breaker.may_begin(1), "at once, before anything is written"
    assert again(breaker).may_hold == 0
    assert _pause().why == "server_errors"


def test_too_many_requests_is_no_error_and_a_refused_number_is_an_answer(database_url: str, env: Environment) -> None:
    env.set(pause_after_errors=2)
    breaker = worker()
    for _ in range(5):
        hears(breaker, ERROR, Again("too_many_requests", too_many=True), Refused(failure(21610)))
    assert again(breaker).may_hold == UNLIMITED and _pauses() == 0


def test_who_does_not_answer_is_told_from_who_cannot_be_reached(database_url: str, env: Environment) -> None:
    env.set(pause_after_errors=1)
    again(hears(worker(Channel.SMS), Unknown("curl_28")))
    again(hears(worker(Channel.WHATSAPP), Again("curl_7")))
    with reading() as session:
        assert {row.channel: row.why for row in pausing.standing(session)} == {
            Channel.SMS: "no_answer",
            Channel.WHATSAPP: "out_of_reach",
        }


def test_one_refusal_of_the_account_is_enough(database_url: str) -> None:
    assert again(hears(worker(), NO_AUTHORITY)).may_hold == 0
    assert _pause().why == "not_authorized"


def test_refusals_nobody_understands_do_not_use_up_the_audience(database_url: str, env: Environment) -> None:
    env.set(pause_after_errors=3)
    breaker = hears(worker(), Refused(UNRECOGNISED), Refused(UNRECOGNISED))
    assert again(breaker).may_hold == UNLIMITED
    assert again(hears(breaker, Refused(UNRECOGNISED))).may_hold == 0
    assert _pause().why == "unrecognised"


def test_it_holds_for_every_worker_and_for_that_channel_alone(database_url: str) -> None:
    other, whatsapp = worker(), worker(Channel.WHATSAPP)
    again(hears(worker(), NO_AUTHORITY))
    assert again(other).may_hold == 0 and not other.may_begin(1)
    assert again(whatsapp).may_hold == UNLIMITED and whatsapp.may_begin(1)
    assert worker().may_hold == 0, "a worker that starts now knows it before its first copy"


def test_what_all_hear_at_once_is_one_pause(database_url: str) -> None:
    workers = [worker() for _ in range(3)]
    for breaker in workers:
        again(hears(breaker, *[NO_AUTHORITY] * 100))
    assert _pauses() == 1
    assert not pausing.begin(Channel.SMS, "not_authorized"), "so nobody is told a second time"


def test_one_copy_is_tried_by_one_worker(database_url: str, clock: time_machine.Traveller) -> None:
    one, other = worker(), worker()
    again(hears(one, NO_AUTHORITY))
    again(other)
    clock.move_to(_pause().until)
    again(one)
    again(other)
    assert (one.may_hold, other.may_hold) == (1, 1), "each may claim one, to have something to try"
    again(one, first=7)
    again(other, first=8)
    assert one.may_begin(7) and not one.may_begin(9) and not other.may_begin(8)
    assert (one.may_hold, other.may_hold) == (1, 0), "the other gives back what it holds"
    assert again(one, first=None).may_hold == 0, "it is on its way: nothing follows it yet"


def test_a_trial_that_goes_through_ends_it_for_all_and_says_how_long_it_lasted(
    database_url: str, clock: time_machine.Traveller
) -> None:
    one, other = worker(), worker()
    again(hears(one, NO_AUTHORITY))
    tries(one, clock)
    hears(one, WELL, copy=7)
    assert again(one).may_hold == UNLIMITED and again(other).may_hold == UNLIMITED
    assert pausing.lasted_seconds(_pause()) == failure(20003).after_seconds


def test_the_refusal_of_one_number_ends_it_too(database_url: str, clock: time_machine.Traveller) -> None:
    breaker = again(hears(worker(), NO_AUTHORITY))
    tries(breaker, clock)
    hears(breaker, Refused(failure(21610)), copy=7)
    assert again(breaker).may_hold == UNLIMITED


def test_what_was_in_flight_before_neither_ends_nor_prolongs_it(database_url: str) -> None:
    breaker = again(hears(worker(), NO_AUTHORITY))
    until = _pause().until
    again(hears(breaker, WELL, NO_AUTHORITY, ERROR))
    assert breaker.may_hold == 0 and _pause().until == until


def test_each_failed_trial_doubles_the_wait_up_to_a_ceiling(
    database_url: str, clock: time_machine.Traveller, env: Environment
) -> None:
    env.set(pause_after_errors=1, pause_seconds=2, pause_longest_seconds=20)
    breaker = again(hears(worker(), ERROR))
    waits = [(_pause().until - _pause().began_at).total_seconds()]
    for _ in range(5):
        tries(breaker, clock)
        again(hears(breaker, ERROR, copy=7))
        assert breaker.may_hold == 0
        waits.append((_pause().until - now()).total_seconds())
    assert waits == [2, 2, 4, 8, 16, 20]


def test_a_failed_trial_says_why_it_stands_still_now(database_url: str, clock: time_machine.Traveller) -> None:
    breaker = again(hears(worker(), Refused(failure(21606))))
    tries(breaker, clock)
    again(hears(breaker, NO_AUTHORITY, copy=7))
    assert _pause().why == "not_authorized"


def test_too_many_requests_decide_no_trial(database_url: str, clock: time_machine.Traveller) -> None:
    breaker = again(hears(worker(), NO_AUTHORITY))
    tries(breaker, clock)
    hears(breaker, Again("too_many_requests", too_many=True), copy=7)
    assert again(breaker, first=7).may_begin(7), "the same copy, as soon as there is room"


def test_a_worker_that_dies_with_the_trial_holds_up_nobody(database_url: str, clock: time_machine.Traveller) -> None:
    again(hears(dead := worker(), NO_AUTHORITY))
    tries(dead, clock)
    other = worker()
    assert again(other, first=8).may_hold == 0
    tries(other, clock, copy=8)
    again(hears(other, WELL, copy=8))
    assert worker().may_hold == UNLIMITED


def test_a_host_whose_clock_is_an_hour_ahead_holds_up_nobody(database_url: str, clock: time_machine.Traveller) -> None:
    clock.shift(3600)
    again(hears(ahead := worker(), NO_AUTHORITY))
    tries(ahead, clock)
    clock.shift(-3600)
    other = again(worker(), first=8)
    assert other.may_begin(8) and not again(worker(), first=9).may_begin(9)
    again(hears(other, WELL, copy=8))
    assert worker().may_hold == UNLIMITED


def test_anybody_may_see_that_the_tried_copy_went_through(staff: Staff, clock: time_machine.Traveller) -> None:
    """The worker that tried it was killed after it wrote down the answer."""
    again(hears(dead := worker(), NO_AUTHORITY))
    tries(dead, clock, copy=_a_copy(staff))
    _becomes(State.HANDED)
    assert worker().may_hold == UNLIMITED


def test_where_only_receipts_tell_an_answer_ends_nothing(staff: Staff, clock: time_machine.Traveller) -> None:
    """A suspended account takes every message and refuses it afterwards (30002)."""
    pausing.begin(Channel.SMS, "account_suspended", by_receipt=True)
    breaker = worker()
    tries(breaker, clock, copy=(copy := _a_copy(staff)))
    _becomes(State.HANDED)
    assert again(hears(breaker, WELL, copy=copy)).may_hold == 0
    _becomes(State.SENT)
    assert again(breaker).may_hold == UNLIMITED


def test_where_only_receipts_tell_and_none_comes_it_goes_on_in_the_end(
    staff: Staff, clock: time_machine.Traveller
) -> None:
    """Receipts may be what is broken: nobody would ever be told again."""
    pausing.begin(Channel.SMS, "account_suspended", by_receipt=True)
    breaker = worker()
    tries(breaker, clock, copy=(copy := _a_copy(staff)))
    _becomes(State.HANDED)
    again(hears(breaker, WELL, copy=copy))
    clock.move_to(_pause().until)
    assert again(breaker).may_hold == UNLIMITED


def test_somebody_who_mended_it_need_not_wait(staff: Staff, clock: time_machine.Traveller) -> None:
    breaker = again(hears(worker(), NO_AUTHORITY))
    with writing() as session:
        assert pausing.try_now(session, _pause().id, staff.ana)
    assert again(breaker).may_hold == 1
    again(breaker, first=7)
    again(hears(breaker, WELL, copy=7))
    with writing() as session:
        assert not pausing.try_now(session, _pause().id, staff.ana)


def test_a_turn_goes_on_while_it_owes_a_word_or_tries_again_in_a_moment(
    database_url: str, clock: time_machine.Traveller, env: Environment
) -> None:
    env.set(pause_after_errors=1, pause_seconds=20, pause_longest_seconds=40)
    breaker = worker()
    assert not breaker.is_busy
    assert hears(breaker, ERROR).is_busy, "nobody else knows it yet"
    assert not again(breaker).is_busy
    clock.shift(16)
    assert breaker.is_busy
    tries(breaker, clock)
    assert not again(breaker, first=None).is_busy
    assert hears(breaker, WELL, copy=7).is_busy
    assert not again(breaker).is_busy


def test_without_the_database_it_is_remembered_until_it_can_be_written(database_url: str, env: Environment) -> None:
    breaker = hears(worker(), NO_AUTHORITY)
    env.set(database_url="sqlite:////nowhere/at/all.sqlite3")
    with pytest.raises(OperationalError):
        refresh(breaker)
    assert breaker.may_hold == 0
    env.set(database_url=database_url)
    assert again(breaker).may_hold == 0 and _pause().why == "not_authorized"


def test_while_nothing_waits_nobody_takes_the_trial(database_url: str, clock: time_machine.Traveller) -> None:
    breaker = again(hears(worker(), NO_AUTHORITY))
    clock.shift(3600)
    again(breaker, first=None)
    assert _pause().tried_with is None and breaker.may_hold == 1 and not breaker.is_busy


def _a_copy(staff: Staff) -> int:
    with writing() as session:
        contact = neighbor(session, 1)
        broadcast = notice(session, staff)
        made = Delivery(
            broadcast_id=broadcast.id, contact_id=contact.id, lane=4, channel=Channel.SMS, language="es", segments=1,
            state=State.CLAIMED, created_at=broadcast.created_at, expires_at=broadcast.expires_at,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def _becomes(state: State) -> None:
    with writing() as session:
        session.execute(update(Delivery).values(state=state))
