"""What is lost, doubled or stale when something breaks? Nothing: counted at the carrier."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.channels.carrier_log import Logged
from bot.channels.channel import Handed
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, claiming, planning, receipts, reconcile, recording, sweeping
from bot.outbox import lost as lost_copies
from bot.outbox.claiming import Copy
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.outbox.recording import Result
from bot.outbox.seen import Seen
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, notice, number, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

SID, OTHER = "SM" + "0" * 31 + "1", "SM" + "0" * 31 + "2"


@pytest.fixture(autouse=True)
def _short_looks(env: Environment, sender: Sender) -> None:
    env.set(unknown_look_seconds=0.5, twilio_timeout_seconds=2)


def showing(*rows: Logged) -> Seen:
    """What a list of these rows shows."""
    seen = Seen()
    for row in rows:
        seen.rows[row.to].append(row)
    return seen


def _one_neighbor(staff: Staff) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff)


def _settled(sender: Sender) -> dict[str, int]:
    def look() -> dict[str, int]:
        sweeping.sweep()
        reconcile.look()
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
        eventually(reconcile.look)
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
    while planning.plan_next(range(5)):
        pass
    held = claiming.claim(Channel.SMS, range(5), 100).copies
    with writing() as session:
        session.execute(update(Delivery).values(lease_until=now() - dt.timedelta(seconds=1)))
    return len(held)


def test_two_workers_never_hold_the_same_copy(staff: Staff, sender: Sender) -> None:
    with writing() as session:
        for n in range(20):
            neighbor(session, n)
        notice(session, staff)
    while planning.plan_next(range(5)):
        pass
    first = claiming.claim(Channel.SMS, range(5), 12).copies
    second = claiming.claim(Channel.SMS, range(5), 100).copies
    assert len(first) == 12 and len(second) == 8
    assert not {copy.id for copy in first} & {copy.id for copy in second}
    with reading() as session:
        assert session.query(Delivery).filter(Delivery.state == State.CLAIMED).count() == 20


def _answered(count: int, channel: Channel = Channel.SMS, key: str = "hotline.menu") -> list[Copy]:
    """So many claimed answers with the same words, for one person."""
    with writing() as session:
        contact = neighbor(session, 1, channel=channel)
        for _ in range(count):
            answers.answer(session, contact, key, reason=Reason.WROTE_TO_US)
    return claiming.claim(channel, [Lane.REPLY], 100).copies


def _make_lost(*copies: Copy) -> None:
    with writing() as session:
        ids = [copy.id for copy in copies]
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state=State.UNKNOWN, lease_until=now()))


def _of(copy: Copy) -> Delivery:
    with reading() as session:
        return session.get_one(Delivery, copy.id)


def test_a_result_that_cannot_be_written_holds_up_no_other(sender: Sender) -> None:
    taken, one, other = _answered(3)
    recording.record([Result(taken, Handed(SID), now())])
    sender._results = [Result(one, Handed(SID), now()), Result(other, Handed(OTHER), now())]
    assert sender.work(30) is False
    assert (_of(other).state, _of(other).sid) == (State.HANDED, OTHER)
    assert _of(one).state is State.CLAIMED  # its lease runs out, and it is looked up


def test_a_lost_copy_is_not_given_its_twins_message(sender: Sender) -> None:
    lost, in_flight = _answered(2)
    _make_lost(lost)
    shown = showing(Logged("SM" + "5" * 32, number(1), in_flight.text, "sent", "", now()))
    looked = lost_copies.take()
    reconcile.decide(looked, shown)
    assert (_of(lost).state, _of(lost).sid, _of(lost).looks) == (State.UNKNOWN, None, 0)
    recording.record([Result(in_flight, Handed("SM" + "5" * 32), now())])
    for _ in range(reconcile.LOOKS):
        reconcile.decide(looked, shown)
    assert _of(lost).state is State.WAITING


@pytest.mark.parametrize("spoiled", ["key", "number"])
def test_one_row_that_cannot_be_looked_for_ends_no_sweep(spoiled: str, sender: Sender, simulator: Simulator) -> None:
    (broken,) = _answered(1)
    with writing() as session:
        if spoiled == "key":
            session.execute(update(Delivery).values(key="hotline.a_text_that_was_renamed"))
        else:
            session.execute(update(Contact).values(sealed=None, locked=b"\x01" + bytes(80)))
        answers.answer(session, neighbor(session, 2), "hotline.menu", reason=Reason.WROTE_TO_US)
    (whole,) = claiming.claim(Channel.SMS, [Lane.REPLY], 10).copies
    _make_lost(broken, whole)
    assert reconcile.look() == 1
    assert _of(broken).state is State.UNKNOWN and _of(broken).final_at is not None
    assert _of(whole).looks == 1


@pytest.mark.parametrize("when", ["claimed", "receipt"])
def test_no_words_for_an_sms_ends_that_copy_and_no_other(when: str, sender: Sender) -> None:
    (whatsapp,) = _answered(1, Channel.WHATSAPP)
    recording.record([Result(whatsapp, Handed(SID), now())])
    with writing() as session:
        session.execute(update(Delivery).values(key="hotline.a_text_that_was_renamed"))
        if when == "claimed":
            session.execute(update(Delivery).values(state=State.WAITING))
            session.execute(update(Contact).values(whatsapp_until=now() - dt.timedelta(hours=1)))
    if when == "claimed":
        assert claiming.claim(Channel.WHATSAPP, [Lane.REPLY], 10).copies == []
    else:
        receipts.note({"delivery_id": whatsapp.id, "sid": SID, "status": "failed", "error": "63016"})
        assert receipts.merge() == 1
    assert (_of(whatsapp).state, _of(whatsapp).failure) == (State.FAILED, "no_words")


def test_a_sweep_goes_on_after_a_step_that_failed(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    (copy,) = _answered(1)
    _make_lost(copy)
    with writing() as session:
        session.execute(update(Delivery).values(expires_at=now() - dt.timedelta(hours=2)))

    def broken(_limit: int) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(receipts, "merge", broken)
    sweeping.sweep()
    assert (_of(copy).state, _of(copy).failure) == (State.UNKNOWN, "unknown_at_expiry")


@pytest.mark.parametrize("late", ["lease_until", "expires_at"])
def test_a_copy_whose_time_passed_while_the_worker_was_held_up_does_not_begin(
    late: str, sender: Sender, simulator: Simulator
) -> None:
    (copy,) = _answered(1)
    soon = now() + dt.timedelta(seconds=1.9)
    held_up = replace(copy, lease_until=soon) if late == "lease_until" else replace(copy, expires_at=now())
    sender._begin([held_up])
    sender._desk.finish()
    assert _of(copy).state is State.WAITING and not sender._flying
    assert simulator.sent() == []


def test_a_broadcasts_copy_is_found_though_our_clock_is_ahead(staff: Staff, sender: Sender) -> None:
    _one_neighbor(staff)
    assert _died_holding() == 1
    sweeping._give_up_leases()
    looked = lost_copies.take()
    earlier = now() - dt.timedelta(seconds=90)
    reconcile.decide(looked, showing(Logged(SID, number(1), looked.lost[0].text, "delivered", "", earlier)))
    with reading() as session:
        assert states(session) == {"delivered": 1}
