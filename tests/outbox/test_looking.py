"""Is a lost copy looked for as Twilio's list really is: late, sorted by date sent, cut short, without words, and long?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago, ahead, now
from bot.contacts.models import Channel
from bot.outbox import claiming, planning, reconcile
from bot.outbox import lost as lost_copies
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.seen import look_for, share_out
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbors, notice, number, states
from tests.outbox.test_recovering import showing
from tests.services.carrier import NUMBER, Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

SIDS = [f"SM{n:032x}" for n in range(1, 1000)]


@pytest.fixture(autouse=True)
def _short_looks(env: Environment, sender: Sender) -> None:
    env.set(unknown_look_seconds=0.3, twilio_timeout_seconds=2)


def lose(staff: Staff, count: int) -> lost_copies.Taken:
    """So many people's copies, claimed by a worker that died; taken to be looked for."""
    with writing() as session:
        neighbors(session, count)
        notice(session, staff)
    while planning.plan_next(range(5)):
        pass
    while claiming.claim(Channel.SMS, range(5), 1000).copies:
        pass
    with writing() as session:
        session.execute(update(Delivery).values(state=State.UNKNOWN, lease_until=now()))
    taken = lost_copies.take()
    assert len(taken.lost) == count
    return taken


def row(one: lost_copies.Lost, sid: str = SIDS[0], **more: object) -> Logged:
    """As the carrier would show this copy."""
    return replace(Logged(sid, one.to, one.text, "sent", "", now(), sent_at=now()), **more)  # type: ignore[arg-type]


def look_again(staff: Staff) -> dict[str, int]:
    eventually(reconcile.look)
    with reading() as session:
        return states(session)


def test_a_copy_is_found_by_its_words_however_the_carrier_prints_them(staff: Staff) -> None:
    taken = lose(staff, 1)
    (one,) = taken.lost
    reconcile.decide(taken, showing(row(one, body=one.text.replace(":", "\uff1a").upper() + "\n")))
    with reading() as session:
        assert states(session) == {"sent": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"direction": "outbound-reply"},
        {"body": "something else"},
        {"created_at": ago(hours=1)},
        {"to": number(7)},
    ],
    ids=["an_answer_in_a_webhook", "other_words", "before_it_was_claimed", "somebody_else"],
)
def test_another_message_is_not_taken_for_it(other: dict[str, object], staff: Staff) -> None:
    taken = lose(staff, 1)
    shown = showing(replace(row(taken.lost[0]), **other))  # type: ignore[arg-type]
    reconcile.decide(taken, shown)
    with reading() as session:
        assert states(session) == {"unknown": 1} and session.scalar(select(Delivery.looks)) == 1
    reconcile.decide(taken, shown)
    with reading() as session:
        assert states(session) == {"waiting": 1}


def test_a_row_whose_words_were_redacted_may_be_it_so_nothing_is_sent_again(staff: Staff) -> None:
    taken = lose(staff, 1)
    for _ in range(reconcile.LOOKS + 1):
        reconcile.decide(taken, showing(row(taken.lost[0], body="")))
    with reading() as session:
        assert states(session) == {"unknown": 1} and session.scalar(select(Delivery.looks)) == 0


def test_two_equal_texts_to_one_person_need_two_rows(staff: Staff) -> None:
    taken = lose(staff, 2)
    one = taken.lost[0]
    twin = replace(one, id=taken.lost[1].id)
    reconcile.decide(lost_copies.Taken(taken.next_look, [one, twin]), showing(row(one), row(one)))
    with reading() as session:
        assert states(session) == {"sent": 1, "unknown": 1}


def test_a_list_that_breaks_off_proves_what_it_shows_and_nothing_else(
    staff: Staff, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = lose(staff, 40)
    env.set(sender_segments_per_second=3)  # so slow a sender fills less than a page

    def breaks_off(since: dt.datetime) -> Iterator[Logged]:
        yield row(taken.lost[0])
        raise CannotLook

    monkeypatch.setattr(carrier_log, "everything", breaks_off)
    for _ in range(reconcile.LOOKS + 1):
        reconcile.decide(taken, look_for(taken.lost))
    with reading() as session:
        assert states(session) == {"sent": 1, "unknown": 39}
        assert session.scalar(select(func.max(Delivery.looks))) == 0
        again = session.scalars(select(Delivery.lease_until).where(Delivery.state == State.UNKNOWN)).all()
    assert max(moment for moment in again if moment) <= ahead(seconds=reconcile.AGAIN_SECONDS)


def test_what_was_queued_long_ago_and_sent_just_now_ends_no_list(staff: Staff, simulator: Simulator) -> None:
    """It stands at the top, though it was created before everything that is looked for."""
    simulator.live(send_seconds=2.5)
    simulator.rogue(number(5), "queued long ago")
    between = now() + dt.timedelta(seconds=1)
    eventually(lambda: now() > between + dt.timedelta(seconds=1), saying="the carrier's times are whole seconds")
    simulator.live(send_seconds=0)
    simulator.rogue(number(6), "looked for")
    eventually(lambda: simulator.sent()[0]["sent"], saying="now it stands at the top")
    assert [each.to for each in carrier_log.everything(between)] == [number(5), number(6)]


@pytest.mark.parametrize("lost,rate,singly", [(1, 500, 1), (3, 500, 3), (300, 3, 0)])
def test_few_are_looked_up_one_by_one_and_many_on_the_whole_list(
    lost: int, rate: float, singly: int, env: Environment
) -> None:
    env.set(sender_segments_per_second=rate)
    sought = [lost_copies.Lost(n, n, number(n), Channel.SMS, "x", ago(seconds=10 * n)) for n in range(1, lost + 1)]
    one_by_one, together = share_out(sought)
    assert (len(one_by_one), len(together)) == (singly, lost - singly)


def test_one_that_was_lost_long_ago_is_no_reason_to_read_hours_of_the_list(env: Environment) -> None:
    env.set(sender_segments_per_second=100)
    recent = [lost_copies.Lost(n, n, number(n), Channel.SMS, "x", ago(seconds=20)) for n in range(2, 300)]
    old = lost_copies.Lost(1, 1, number(1), Channel.SMS, "x", ago(hours=5))
    one_by_one, together = share_out([*recent, old])
    assert list(one_by_one) == [old] and len(together) == len(recent)


def test_hundreds_lost_at_once_are_found_or_sent_again_each_once(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    """A storm: of every ten requests two are refused with a 500, and two break off after the carrier took the message."""
    env.set(sender_segments_per_second=500, unknown_look_seconds=0.5, pause_after_errors=1000)
    simulator.live(rates={NUMBER: 2000})
    with writing() as session:
        neighbors(session, 400)
        notice(session, staff)
    simulator.fault("server_error", share=0.2)
    simulator.fault("reset_accepted", share=0.2)
    simulator.fault("list_by_number")
    sender.work(20)
    simulator.mend()
    with reading() as session:
        assert states(session)["unknown"] > 50

    def settled() -> bool:
        reconcile.look()
        sender.work(5)
        with reading() as session:
            return not {"unknown", "waiting", "claimed"} & set(states(session))

    eventually(settled, within=60)
    told = [each["to"] for each in simulator.sent()]
    assert len(told) == len(set(told)) == 400
