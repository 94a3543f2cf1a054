"""What may a worker begin of what it holds, when it was held up, outranked, or told that it was too much?"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

import pytest

from bot.contacts.models import Channel
from bot.outbox import answers, pacing, planning, queueing
from bot.outbox.delivery_models import Reason
from bot.outbox.desk import Desk
from bot.outbox.link import key, link
from bot.outbox.models import Lane
from bot.outbox.pacing import Pace
from bot.outbox.queueing import Queue
from bot.outbox.sending import LANES, Sender
from bot.outbox.slots import Slots
from bot.store.session import writing
from tests.outbox.clocks import Clock
from tests.outbox.conftest import Staff, neighbor, neighbors, notice
from tests.services.carrier import Simulator
from tests.services.settings import Environment


class AtOnce(Desk):
    """Each errand is done when it is asked for."""

    def ask(self, errand: Callable[..., Any], *told: Any, **by_name: Any) -> Future[Any]:
        asked = super().ask(errand, *told, **by_name)
        wait([asked])
        return asked


def filled(queue: Queue, trip_seconds: float = 0.1) -> bool:
    """One round of its worker's, at a carrier that answers after so long."""
    queue.refresh()
    return queue.fill(LANES["bulk"], trip_seconds)


@pytest.fixture
def notice_to_forty(staff: Staff, redis_url: str) -> None:
    with writing() as session:
        neighbors(session, 40)
        made = notice(session, staff)
    planning.plan(made.id)


def test_whoever_was_outranked_goes_on_by_itself(
    notice_to_forty: None, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    env.set(sender_segments_per_second=40)
    Pace("urgent").reserve(Channel.SMS, Lane.ALERT, [1] * 9)
    assert sender.work(60) is False
    assert len(simulator.sent()) == 40


@pytest.mark.parametrize(("trip_seconds", "held"), [(2.0, 10), (0.1, 10), (0.04, 20), (0.005, 40)])
def test_a_quick_carrier_is_claimed_for_in_larger_pieces(
    notice_to_forty: None, env: Environment, trip_seconds: float, held: int
) -> None:
    """As many as begin in 0.4 s; never fewer than five, nor more than twenty, for each request in flight."""
    env.set(sender_segments_per_second=1000, twilio_max_concurrent_requests=2)
    pace = Pace("one")
    pace.reserve(Channel.SMS, Lane.NOTICE, [])  # there are no others
    queue = Queue(Channel.SMS, pace, AtOnce())
    filled(queue, trip_seconds)
    assert len(queue) == held


def test_what_another_lane_wants_the_slots_for_is_not_claimed_again(notice_to_forty: None, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)
    queue, urgent = Queue(Channel.SMS, Pace("bulk"), AtOnce()), Pace("urgent")
    assert filled(queue)
    urgent.reserve(Channel.SMS, Lane.REPLY, [1] * 9)
    assert queue.due(9) == []
    assert len(queue) == 0
    assert queue.is_busy
    assert not filled(queue)
    with writing() as session:
        answers.answer(session, neighbor(session, 1), "hotline.stopped", reason=Reason.WROTE_TO_US)
    queue.look_at_once()
    assert filled(queue)
    assert (len(queue), queue.lane) == (1, Lane.REPLY)


def test_a_slot_that_passed_while_we_were_held_up_is_lost(
    notice_to_forty: None, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.set(sender_segments_per_second=1000, claim_seconds=1)
    clock = Clock()
    monkeypatch.setattr(queueing, "time", clock)
    monkeypatch.setattr(pacing, "time", clock)
    queue = Queue(Channel.SMS, Pace("one"), AtOnce())
    filled(queue)
    held = len(queue)
    link().set(key(f"pace:{Channel.SMS}"), 1)  # nobody asked for a long time: all of what may be reserved is free
    assert len(queue.due(40)) == 1
    clock.now += 0.4
    assert len(queue.due(40)) <= 1
    assert len(queue) >= held - 2, "they wait for other slots"


def test_a_slot_of_this_instant_is_used_at_once(
    notice_to_forty: None, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left for the next round it came too late behind each slice that was planned: nothing left until all were."""
    clock = Clock()
    monkeypatch.setattr(queueing, "time", clock)
    monkeypatch.setattr(pacing, "time", clock)
    queue = Queue(Channel.SMS, Pace("one"), AtOnce())
    filled(queue)
    link().set(key(f"pace:{Channel.SMS}"), 1)
    reserve = queue._pace.reserve

    def takes_a_while(*what: Any, **how: Any) -> Slots:
        clock.now += 0.001
        return reserve(*what, **how)

    monkeypatch.setattr(queue._pace, "reserve", takes_a_while)
    assert len(queue.due(1)) == 1


def test_what_the_carrier_did_not_take_goes_again_by_its_lane(notice_to_forty: None, env: Environment) -> None:
    env.set(sender_segments_per_second=4)
    queue = Queue(Channel.SMS, Pace("one"), AtOnce())
    with writing() as session:
        answers.answer(session, neighbor(session, 1), "hotline.stopped", reason=Reason.WROTE_TO_US)
    filled(queue)
    first, second = queue.empty()
    assert (first.lane, second.lane) == (Lane.REPLY, Lane.NOTICE)
    queue.again(first)
    queue.again(second)
    assert queue.empty() == [first, second]
