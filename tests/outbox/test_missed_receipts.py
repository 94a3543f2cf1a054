"""Receipts that missed us: the copies of an outage get their end from the carrier's own list, a few by name and many by page."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago
from bot.outbox import listed, missed_receipts
from bot.outbox.carrier_models import ListedThrough
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbors, notice, number, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

FIRST = 100


@pytest.fixture(autouse=True)
def _begun(database_url: str, redis_url: str, env: Environment) -> None:
    """The cursors stand a day back."""
    for what in ("receipts", "receipts_final"):
        listed.move(what, ago(days=1))


def hand_over(staff: Staff, sender: Sender, simulator: Simulator, count: int, **before: float) -> None:
    """So many copies left, that long ago; nobody is behind the carrier's webhooks, so that no receipt comes."""
    with writing() as session:
        neighbors(session, count, FIRST)
        notice(session, staff)
    sender.work(15)
    simulator.settle()
    handed_at = ago(**before)
    with writing() as session:
        assert states(session) == {"handed": count}
        for n, id_ in enumerate(session.scalars(select(Delivery.id).order_by(Delivery.id)).all()):
            at = handed_at + dt.timedelta(milliseconds=n)
            session.execute(update(Delivery).where(Delivery.id == id_).values(handed_at=at))


def found() -> dict[str, int]:
    with reading() as session:
        return states(session)


def no_list(*_moments: dt.datetime) -> Iterator[Logged]:
    raise AssertionError("the list is not what should be read here")


def test_a_copy_of_which_nothing_was_heard_is_asked_about(
    staff: Staff, sender: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier_log, "sent_between", no_list)
    hand_over(staff, sender, simulator, 1, minutes=20)
    assert missed_receipts.catch_up() == 1
    assert found() == {"delivered": 1}
    with reading() as session:
        assert session.scalar(select(Delivery.final_at)) is not None


def test_a_receipt_may_take_its_time(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    hand_over(staff, sender, simulator, 1, minutes=10)
    assert missed_receipts.catch_up() == 0 and found() == {"handed": 1}


def test_the_copies_of_an_outage_are_read_by_the_page(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_receipts, "MOST_AT_ONCE", 25)
    monkeypatch.setattr(missed_receipts, "LONGEST_QUEUE", dt.timedelta(hours=1))  # they really left just now
    monkeypatch.setattr(carrier_log, "look_up", no_list)
    simulator.fault("fail", code=30003, to=number(FIRST))
    hand_over(staff, sender, simulator, 60, minutes=20)
    env.set(sender_segments_per_second=1)  # so slow a sender fills a few pages in an hour
    assert missed_receipts.catch_up() == 60
    assert found() == {"delivered": 59, "waiting": 1}, "a failure has the same consequences, however it is heard"


def test_what_the_list_does_not_show_is_asked_for_by_name(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(staff, sender, simulator, 6, minutes=20)
    env.set(sender_segments_per_second=0.001)
    monkeypatch.setattr(carrier_log, "sent_between", lambda *_moments: iter(()))
    assert missed_receipts.catch_up() == 6


def test_what_was_heard_before_the_carrier_fell_silent_is_kept_and_the_rest_is_asked_again(
    staff: Staff, sender: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(staff, sender, simulator, 4, minutes=20)
    answered: list[str] = []

    def falls_silent(sid: str) -> Logged | None:
        if len(answered) == 2:
            raise CannotLook
        answered.append(sid)
        return look_up(sid)

    look_up = carrier_log.look_up
    with monkeypatch.context() as broken:
        broken.setattr(carrier_log, "look_up", falls_silent)
        assert missed_receipts.catch_up() == 0
    assert found() == {"delivered": 2, "handed": 2}
    assert missed_receipts.catch_up() == 2 and found() == {"delivered": 4}


@pytest.mark.parametrize(("hours", "asked"), [(11, 0), (13, 2)])
def test_a_copy_that_was_sent_and_never_more_is_asked_about_after_twelve_hours_once(
    hours: float, asked: int, staff: Staff, sender: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(staff, sender, simulator, 2, hours=hours)
    with writing() as session:
        session.execute(update(Delivery).values(state=State.SENT))
    assert missed_receipts.catch_up() == asked
    assert found() == ({"delivered": 2} if asked else {"sent": 2})
    with writing() as session:
        session.execute(update(Delivery).values(state=State.SENT))
    monkeypatch.setattr(carrier_log, "look_up", no_list)
    assert missed_receipts.catch_up() == 0


def test_what_the_carrier_itself_does_not_know_yet_is_not_asked_for_ever(
    staff: Staff, sender: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.live(send_seconds=600)
    with writing() as session:
        neighbors(session, 1, FIRST)
        notice(session, staff)
    eventually(lambda: sender.work(5) or found() == {"handed": 1})
    with writing() as session:
        session.execute(update(Delivery).values(handed_at=ago(minutes=20)))
    assert missed_receipts.catch_up() == 0 and found() == {"handed": 1}
    monkeypatch.setattr(carrier_log, "look_up", no_list)
    assert missed_receipts.catch_up() == 0


def test_what_was_deleted_at_the_carrier_says_nothing(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    hand_over(staff, sender, simulator, 1, minutes=20)
    simulator.reset()
    assert missed_receipts.catch_up() == 0 and found() == {"handed": 1}


def test_an_answer_that_left_in_a_webhooks_response_has_no_sid_to_ask_for(
    staff: Staff, sender: Sender, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(staff, sender, simulator, 1, minutes=20)
    with writing() as session:
        session.execute(update(Delivery).values(sid=None))
    monkeypatch.setattr(carrier_log, "look_up", no_list)
    assert missed_receipts.catch_up() == 0


def test_the_first_time_nothing_older_is_asked_about(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    hand_over(staff, sender, simulator, 1, minutes=20)
    with writing() as session:
        session.execute(delete(ListedThrough))
    assert missed_receipts.catch_up() == 0 and found() == {"handed": 1}
