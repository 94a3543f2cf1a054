"""Does a copy end as the carrier says, in whatever order it says so? And does a failure do what its table says?"""

import itertools

import pytest

from bot.channels.channel import Handed, Refused
from bot.channels.failures import failure
from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, claiming, counting, pausing, planning, progress, receipts, recording
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.claiming import Copy
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, notice
from tests.services.settings import Environment

SID = "SM" + "0" * 31 + "1"
OTHER = "SM" + "0" * 31 + "2"


@pytest.fixture
def copy(staff: Staff, redis_url: str) -> Copy:
    """One claimed copy: it may be at the carrier by now."""
    with writing() as session:
        neighbor(session, 1)
        notice(session, staff)
    planning.plan(1)
    return claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies[0]


def hear(copy: Copy, *said: str, sid: str = SID, ours: bool = True, error: str | None = None) -> None:
    for status in said:
        receipts.note({"delivery_id": copy.id if ours else None, "sid": sid, "status": status, "error": error})
        receipts.merge()


def hand(copy: Copy, sid: str = SID) -> None:
    recording.record([recording.Result(copy, Handed(sid), now())])


def state() -> State:
    with reading() as session:
        found: State = session.query(Delivery.state).scalar()
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered"])))
def test_receipts_in_any_order_end_alike(copy: Copy, order: tuple[str, ...]) -> None:
    hand(copy)
    hear(copy, *order, *order)
    assert state() is State.DELIVERED


def test_many_at_once_end_alike(copy: Copy) -> None:
    hand(copy)
    for status in ("delivered", "sent", "queued", "sent", "delivered"):
        receipts.note({"delivery_id": copy.id, "sid": SID, "status": status, "error": None})
    assert receipts.merge() == 5
    assert receipts.merge() == 0
    assert state() is State.DELIVERED


def test_a_receipt_before_the_send_is_recorded_is_neither_lost_nor_overwritten(copy: Copy) -> None:
    hear(copy, "delivered")
    hand(copy)
    assert state() is State.DELIVERED
    with reading() as session:
        assert session.query(Delivery.sid).scalar() == SID


def test_a_receipt_is_found_by_sid_alone(copy: Copy) -> None:
    hand(copy)
    hear(copy, "sent", ours=False)
    assert state() is State.SENT


def test_a_strangers_receipt_changes_nothing(copy: Copy) -> None:
    hand(copy)
    hear(copy, "delivered", sid=OTHER, ours=False)
    assert state() is State.HANDED


def test_a_receipt_of_an_unknown_kind_changes_nothing(copy: Copy) -> None:
    hand(copy)
    hear(copy, "pondering")
    assert state() is State.HANDED


def test_without_redis_a_receipt_goes_to_the_database(copy: Copy, env: Environment) -> None:
    hand(copy)
    env.set(redis_url="redis://127.0.0.1:9/0")
    receipts.note({"delivery_id": copy.id, "sid": SID, "status": "delivered", "error": None})
    with reading() as session:
        assert session.query(ReceiptEntry).count() == 1
    assert receipts.merge() == 1
    assert state() is State.DELIVERED
    with reading() as session:
        assert session.query(ReceiptEntry).count() == 0


def test_a_phone_that_is_off_is_tried_again_and_the_first_tries_receipts_say_nothing_of_the_next(copy: Copy) -> None:
    hand(copy)
    hear(copy, "undelivered", error="30003")
    assert state() is State.WAITING
    hear(copy, "sent", "undelivered", error="30003")
    assert state() is State.WAITING
    with writing() as session:
        session.query(Delivery).update({"not_before": None})
    again = claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies[0]
    assert again.attempt == 2
    hear(copy, "sent", sid=SID)
    assert state() is State.CLAIMED
    hand(again, OTHER)
    hear(copy, "undelivered", sid=SID, error="30003")
    hear(copy, "delivered", sid=OTHER)
    assert state() is State.DELIVERED


def test_it_is_not_tried_again_when_it_arrived_after_all(copy: Copy) -> None:
    hand(copy)
    hear(copy, "undelivered", error="30003")
    hear(copy, "delivered")
    assert state() is State.DELIVERED


def test_tries_end(copy: Copy) -> None:
    mine = copy
    for turn in range(1, 10):
        hand(mine, f"SM{turn:032x}")
        hear(mine, "undelivered", sid=f"SM{turn:032x}", error="30008")
        if state() is State.FAILED:
            break
        with writing() as session:
            session.query(Delivery).update({"not_before": None})
        mine = claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies[0]
    assert turn == 2
    with reading() as session:
        assert session.query(Delivery.failure).scalar() == "carrier_unknown"


@pytest.mark.parametrize("code", ["21610", "30004", "30005", "30006", "99999"])
def test_a_final_failure_is_final_and_named(copy: Copy, code: str) -> None:
    hand(copy)
    hear(copy, "undelivered", error=code)
    assert state() is State.FAILED
    with reading() as session:
        contact = session.query(Contact).one()
        assert session.query(Delivery.failure).scalar() == failure(code).name
        assert contact.is_stopped is (code == "21610")
        assert bool(contact.suppressed) is (code in ("30004", "30005", "30006"))


def test_the_carriers_opt_out_is_ours(copy: Copy) -> None:
    recording.record([recording.Result(copy, Refused(failure(21610)), now())])
    with reading() as session:
        assert session.query(Contact).one().is_stopped
        assert session.query(Delivery.failure).scalar() == "opted_out"


def test_trouble_of_the_account_is_no_fault_of_the_copy(copy: Copy) -> None:
    recording.record([recording.Result(copy, Refused(failure(20003)), now())])
    assert state() is State.WAITING
    with reading() as session:
        assert [pause.why for pause in pausing.standing(session)] == ["not_authorized"]


@pytest.mark.parametrize("code", ["63016", "63003", "63024", "63032", "63049"])
def test_what_whatsapp_does_not_carry_goes_by_sms_once(staff: Staff, redis_url: str, code: str) -> None:
    with writing() as session:
        neighbor(session, 1, channel=Channel.WHATSAPP)
        notice(session, staff)
    planning.plan(1)
    mine = claiming.claim(Channel.WHATSAPP, range(Lane.NOTICE + 1), 10).copies[0]
    hand(mine)
    hear(mine, "failed", error=code)
    by_sms = claiming.claim(Channel.SMS, range(Lane.NOTICE + 1), 10).copies[0]
    assert by_sms.id == mine.id and "*" not in by_sms.text
    hand(by_sms, OTHER)
    hear(by_sms, "failed", sid=OTHER, error=code)
    assert state() is State.FAILED


def test_an_answer_by_whatsapp_falls_back_too(staff: Staff, redis_url: str) -> None:
    with writing() as session:
        contact = neighbor(session, 1, channel=Channel.WHATSAPP)
        answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US)
    mine = claiming.claim(Channel.WHATSAPP, [Lane.REPLY], 10).copies[0]
    hand(mine)
    hear(mine, "failed", error="63016")
    assert claiming.claim(Channel.SMS, [Lane.REPLY], 10).copies[0].id == mine.id


def test_whoever_hides_their_number_is_not_texted(staff: Staff, redis_url: str) -> None:
    with writing() as session:
        contact = neighbor(session, 1, channel=Channel.WHATSAPP)
        contact.has_number, contact.whatsapp_until = False, ahead(minutes=1)
        made = notice(session, staff)
    planning.plan(made.id)
    counting.count()
    with reading() as session:
        assert progress.of(session, made.id).audience == 0


def test_progress_adds_up(copy: Copy) -> None:
    hand(copy)
    hear(copy, "delivered")
    counting.count()
    with reading() as session:
        seen = progress.of(session, 1)
    assert (seen.audience, seen.delivered, seen.waiting) == (1, 1, 0)
    assert seen.by_language == {"es": 1} and seen.by_channel == {"sms": 1}
    assert seen.p50_seconds is not None and seen.p95_seconds is not None and seen.counted_at is not None
