"""Does anything leave after STOP, after its time, or after its person is gone? Not a second later (promises 4 and 5)."""

import time
from collections import Counter

from sqlalchemy import delete, func, select, update

from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, claiming, planning, sweeping
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription
from tests.outbox.conftest import Staff, neighbor, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

SLOW = {"sender_segments_per_second": 4}
PEOPLE, HELD = 40, 10
"""More than can leave in the second that a STOP may take, however slow this machine is just now."""


def test_stop_between_claim_and_send_wins(staff: Staff, sender: Sender, simulator: Simulator, env: Environment) -> None:
    env.set(**SLOW, claim_seconds=5)
    with writing() as session:
        for n in range(PEOPLE):
            neighbor(session, n)
        notice(session, staff)
    eventually(lambda: sender.work(0.3) and _claimed() >= HELD, within=20)
    with writing() as session:
        session.execute(update(Contact).values(stopped_at=now()))
    before = time.time()
    assert sender.work(30) is False
    sent = simulator.sent()
    assert len(sent) < PEOPLE and [row for row in sent if _seconds(row) > before + 1] == []
    with reading() as session:
        assert Counter(states(session)) == Counter(handed=len(sent), dropped=PEOPLE - len(sent))


def test_those_who_stopped_do_not_hide_who_waits_behind_them(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    """A claim may find nobody but them, ten times in a row; the work is not over by that."""
    env.set(sender_segments_per_second=20, claim_seconds=0.1)
    with writing() as session:
        for n in range(PEOPLE):
            neighbor(session, n)
        made = notice(session, staff)
    planning.plan(made.id)
    with writing() as session:
        last = session.scalars(select(func.max(Contact.id))).one()
        session.execute(update(Contact).where(Contact.id < last).values(stopped_at=now()))
    assert sender.work(30) is False
    assert len(simulator.sent()) == 1
    with reading() as session:
        assert states(session) == {"handed": 1, "dropped": PEOPLE - 1}


def _claimed() -> int:
    with reading() as session:
        return states(session).get("claimed", 0)


def _seconds(row: dict[str, object]) -> float:
    return float(str(row["created"]))


def test_a_stopped_person_is_not_planned_for(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbor(session, 1).stop()
        neighbor(session, 2)
        notice(session, staff)
    sender.work(5)
    assert [row["to"] for row in simulator.sent()] == ["+12135550102"]


def test_a_stopped_person_who_writes_is_answered_and_hears_nothing_else(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    with writing() as session:
        contact = neighbor(session, 1)
        contact.stop()
        answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US)
        answers.answer(session, contact, "hotline.stopped", reason=Reason.REPORTED)
    sender.work(5)
    assert len(simulator.sent()) == 1
    with reading() as session:
        assert states(session) == {"handed": 1, "dropped": 1}


def test_an_answer_written_before_a_stop_does_not_leave_after_it(staff: Staff, redis_url: str) -> None:
    """Answers that found no room in the pace wait by their lane, for minutes when much is going out."""
    with writing() as session:
        contact = neighbor(session, 1)
        before = answers.answer(session, contact, "hotline.menu", reason=Reason.WROTE_TO_US)
        contact.stop()
        after = answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US)
    assert [copy.id for copy in claiming.claim(Channel.SMS, [Lane.REPLY], 10).copies] == [after.id]
    with reading() as session:
        assert session.get_one(Delivery, before.id).failure == "stopped"


def test_what_waited_past_its_time_is_dropped(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff, expires_at=ahead(seconds=0.3))
    planning.plan(1)
    time_is_up = ahead(seconds=0.4)
    while now() < time_is_up:
        time.sleep(0.02)
    sender.work(2)
    sweeping.sweep()
    assert simulator.sent() == []
    with reading() as session:
        assert session.query(Delivery.failure).scalar() == "expired"


def test_whoever_deleted_themselves_gets_nothing(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        contact = neighbor(session, 1)
        notice(session, staff)
    planning.plan(1)
    with writing() as session:
        session.execute(update(Delivery).values(contact_id=None))
        session.execute(delete(Subscription))
        session.delete(session.get_one(Contact, contact.id))
    sender.work(3)
    assert simulator.sent() == []


def test_a_claim_asks_for_stop_itself(staff: Staff, sender: Sender) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff)
    planning.plan(1)
    with writing() as session:
        session.execute(update(Contact).values(stopped_at=now()))
    assert claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies == []
    with reading() as session:
        assert session.query(Delivery.failure).scalar() == "stopped"
