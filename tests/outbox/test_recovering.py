"""What is lost, doubled or stale when something breaks? Nothing: counted at the carrier."""

import datetime as dt

import pytest
from sqlalchemy import update

from bot.clock import now
from bot.outbox import claiming, receipts, sweeping
from bot.outbox.models import Delivery, State
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually


@pytest.fixture(autouse=True)
def _short_looks(env: Environment, sender: Sender) -> None:
    env.set(unknown_look_seconds=0.5, twilio_timeout_seconds=2)


def _one_neighbor(staff: Staff) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff)


def _settled(sender: Sender) -> dict[str, int]:
    def look() -> dict[str, int]:
        sweeping.sweep()
        sender.work(3)
        with reading() as session:
            found = states(session)
        assert not {"unknown", "waiting", "claimed"} & set(found), found
        return found

    return eventually(look, within=30)


@pytest.mark.parametrize("fault", ["server_error", "reset", "hang", "too_many"])
def test_what_was_not_accepted_is_sent_again_once(
    fault: str, staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    _one_neighbor(staff)
    simulator.fault(fault, next=1)
    sender.work(5)
    assert _settled(sender) == {"handed": 1}
    assert len(simulator.sent()) == 1


@pytest.mark.parametrize("fault", ["server_error_accepted", "reset_accepted", "hang_accepted"])
def test_what_was_accepted_unseen_is_found_and_not_sent_again(
    fault: str, staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    _one_neighbor(staff)
    simulator.fault(fault, next=1)
    sender.work(5)
    with reading() as session:
        assert states(session) == {"unknown": 1}
    found = _settled(sender)
    assert len(simulator.sent()) == 1
    assert sum(found.values()) == 1 and set(found) <= {"handed", "sent", "delivered"}


def test_nothing_is_sent_again_while_the_carriers_list_cannot_be_read(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    _one_neighbor(staff)
    simulator.fault("reset_accepted", next=1)
    sender.work(5)
    simulator.fault("server_error", on="list")
    for _ in range(3):
        sweeping.sweep()
    with reading() as session:
        assert states(session) == {"unknown": 1}
    simulator.mend()
    _settled(sender)
    assert len(simulator.sent()) == 1


def test_a_receipt_settles_a_lost_send_at_once(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    _one_neighbor(staff)
    simulator.fault("reset_accepted", next=1)
    sender.work(5)
    with reading() as session:
        lost = session.query(Delivery.id).scalar()
    receipts.note({"delivery_id": lost, "sid": simulator.sent()[0]["sid"], "status": "sent", "error": None})
    assert receipts.merge() == 1
    with reading() as session:
        assert states(session) == {"sent": 1}


def test_a_worker_that_died_with_a_copy_loses_and_doubles_nothing(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    _one_neighbor(staff)
    assert _died_holding() == 1
    assert _settled(sender) == {"handed": 1}
    assert len(simulator.sent()) == 1


def _died_holding() -> int:
    """Somebody claims everything and is never heard of again."""
    from bot.contacts.models import Channel
    from bot.outbox import planning

    while planning.plan_next(range(5)):
        pass
    held = claiming.claim(Channel.SMS, range(5), 100)
    with writing() as session:
        session.execute(update(Delivery).values(lease_until=now() - dt.timedelta(seconds=1)))
    return len(held)


def test_two_workers_never_hold_the_same_copy(staff: Staff, sender: Sender) -> None:
    from bot.contacts.models import Channel
    from bot.outbox import planning

    with writing() as session:
        for n in range(20):
            neighbor(session, n)
        notice(session, staff)
    while planning.plan_next(range(5)):
        pass
    first = claiming.claim(Channel.SMS, range(5), 12)
    second = claiming.claim(Channel.SMS, range(5), 100)
    assert len(first) == 12 and len(second) == 8
    assert not {copy.id for copy in first} & {copy.id for copy in second}
    with reading() as session:
        assert session.query(Delivery).filter(Delivery.state == State.CLAIMED).count() == 20
