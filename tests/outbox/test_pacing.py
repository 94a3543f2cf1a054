"""Is the pace held, over processes, by the busiest second? Do the lanes and the replies' share hold, and without Redis?"""

import itertools
import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from bot.contacts.models import Channel
from bot.outbox import answers, pacing, slots
from bot.outbox.concurrency import Concurrency
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.link import key, link
from bot.outbox.models import Lane
from bot.outbox.pacing import Pace
from bot.outbox.sending import Sender
from bot.store.session import reading, writing
from tests.outbox.clocks import Clock
from tests.outbox.conftest import Staff, neighbor, neighbors, notice
from tests.services.carrier import Simulator
from tests.services.databases import ROOT
from tests.services.settings import Environment

NOBODY = "redis://127.0.0.1:9/0"

TAKER = """
import json, sys, time
from bot.contacts.models import Channel
from bot.outbox import slots
from bot.outbox.link import key, link
from bot.outbox.pacing import Pace

pace, taken, ends = Pace(sys.argv[1]), [], time.time() + float(sys.argv[2])
reserve = link().register_script(slots._LUA)


def reserve_and_read(keys, args):
    # In one step with the reservation, so that the slots are Redis's own and no process's clock comes into it.
    with link().pipeline() as together:
        reserve(keys=keys, args=args, client=together)
        together.get(key(f"pace:{Channel.SMS}"))
        granted, end = together.execute()
    if granted[0]:
        taken.append((int(end), int(granted[0]), granted[1] > 0))
    return granted


pace._clock._script = reserve_and_read
while time.time() < ends:
    time.sleep(max(0.0005, pace.reserve(Channel.SMS, 2, [1] * 64).ask_again_seconds))
print(json.dumps(taken))
"""


def _busiest_second(moments: list[float]) -> int:
    moments = sorted(moments)
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("rate", [3, 40, 400])
def test_two_processes_together_keep_the_pace(redis_url: str, env: Environment, rate: int) -> None:
    env.set(sender_segments_per_second=rate)
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, name, "4"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        for name in ("one", "two")
    ]
    reserved = sorted(row for taker in takers for row in json.loads(taker.communicate(timeout=60)[0]))
    moments = [(end - (granted - i) * 1e6 / rate) / 1e6 for end, granted, _ in reserved for i in range(granted)]
    assert _busiest_second(moments) <= rate + max(1, 0.02 * rate)
    # Nothing of the pace is lost either: a slot given ahead of its time begins where the one before it ended.
    for (end_before, _, _), (end, granted, ahead) in itertools.pairwise(reserved):
        begins = end - granted * 1e6 / rate
        assert begins >= end_before - 2
        assert not ahead or abs(begins - end_before) <= 2


def test_a_text_of_three_segments_takes_three_slots(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)  # a slot lasts 100 s: no machine is so slow that it passes in between
    pace = Pace("one")
    first = pace.reserve(Channel.SMS, Lane.ALERT, [3, 1])
    second = pace.reserve(Channel.SMS, Lane.ALERT, [1])
    assert (first.granted, second.granted) == (1, 0)
    assert 200 < second.ask_again_seconds <= first.ask_again_seconds <= 301


def test_who_is_less_urgent_yields(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)
    Pace("one").reserve(Channel.SMS, Lane.ALERT, [1, 1])
    other = Pace("two")
    assert other.reserve(Channel.SMS, Lane.NOTICE, [1]).outranked
    assert not other.reserve(Channel.SMS, Lane.PAGE, [1]).outranked
    assert not other.reserve(Channel.SMS, Lane.REPLY, [1], kept=True).outranked


def test_nobody_yields_to_who_got_all_it_asked_for(redis_url: str, env: Environment) -> None:
    """A reply now and then, for which there is room, must not hold up a notice."""
    env.set(sender_segments_per_second=0.01)
    one, two, three = (Pace(name) for name in ("one", "two", "three"))
    assert one.reserve(Channel.SMS, Lane.REPLY, [1]).granted == 1
    assert not two.reserve(Channel.SMS, Lane.NOTICE, [1]).outranked
    assert one.reserve(Channel.SMS, Lane.REPLY, [1]).granted == 0
    assert two.reserve(Channel.SMS, Lane.NOTICE, [1]).outranked
    link().delete(key(f"pace:{Channel.SMS}"))
    assert three.reserve(Channel.SMS, Lane.REPLY, [1]).granted == 1
    assert two.reserve(Channel.SMS, Lane.NOTICE, [1]).outranked, "the first one still wants"


def test_whoever_yields_knows_to_whom_before_it_claims_again(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)
    one, two, three = (Pace(name) for name in ("one", "two", "three"))
    assert three.more_urgent(Channel.SMS) is None
    one.reserve(Channel.SMS, Lane.ALERT, [1, 1])
    two.reserve(Channel.SMS, Lane.PAGE, [1])
    assert three.reserve(Channel.SMS, Lane.REPLY, [1]).outranked_by == Lane.PAGE
    assert (two.more_urgent(Channel.SMS), three.more_urgent(Channel.SMS)) == (Lane.ALERT, Lane.PAGE)
    assert three.more_urgent(Channel.WHATSAPP) is None


def test_nobody_outranks_itself(redis_url: str, env: Environment) -> None:
    """Whoever asks for its notices has nothing more urgent in hand any more."""
    env.set(sender_segments_per_second=0.01)
    one = Pace("one")
    one.reserve(Channel.SMS, Lane.ALERT, [1, 1])
    assert not one.reserve(Channel.SMS, Lane.NOTICE, [1]).outranked
    assert not Pace("two").reserve(Channel.SMS, Lane.NOTICE, [1]).outranked


def test_whatsapp_has_a_pace_of_its_own(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=1)
    assert Pace("one").reserve(Channel.SMS, Lane.ALERT, [1]).granted == 1
    assert Pace("one").reserve(Channel.WHATSAPP, Lane.ALERT, [1]).granted == 1


def test_without_redis_each_goes_on_with_its_share(redis_url: str, env: Environment) -> None:
    env.set(redis_url=NOBODY, sender_segments_per_second=0.01)
    pace = Pace("one")
    found = pace.reserve(Channel.SMS, Lane.ALERT, [1] * 10)
    assert found.granted == 1
    assert found.slot_seconds == pytest.approx(100 * pacing.ASSUMED_WORKERS)
    again = pace.reserve(Channel.SMS, Lane.ALERT, [1] * 10)
    assert again.granted == 0
    assert 0 < again.ask_again_seconds <= 100 * pacing.ASSUMED_WORKERS


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pacing, "time", made)
    answering = pacing._Answering("")  # or the one of later tests would rest by this clock's hour
    monkeypatch.setattr(pacing, "_answering", lambda: answering)
    return made


def test_going_on_without_redis_is_no_quicker_even_at_first(redis_url: str, env: Environment, clock: Clock) -> None:
    env.set(sender_segments_per_second=0.01)
    one, two = Pace("one"), Pace("two")
    two.reserve(Channel.SMS, Lane.ALERT, [1])
    clock.now += 100
    link().delete(key(f"pace:{Channel.SMS}"))
    assert one.reserve(Channel.SMS, Lane.ALERT, [1]).granted == 1
    env.set(redis_url=NOBODY)
    assert one.reserve(Channel.SMS, Lane.ALERT, [1]).granted == 0
    clock.now += 190
    assert one.reserve(Channel.SMS, Lane.ALERT, [1]).granted == 0
    clock.now += 11
    assert one.reserve(Channel.SMS, Lane.ALERT, [1] * 5).granted == 1


def test_redis_is_back_for_all_at_once(
    redis_url: str, env: Environment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as one of them may not have noticed, each goes by its share, those too that never missed it."""
    env.set(sender_segments_per_second=0.01)
    monkeypatch.setattr(pacing, "RETURN_SECONDS", 3600)
    one, two = Pace("one"), Pace("two")
    assert [pace.reserve(Channel.SMS, Lane.ALERT, [1]).slot_seconds for pace in (one, two)] == [100, 100]
    env.set(redis_url=NOBODY)
    one.reserve(Channel.SMS, Lane.ALERT, [1])
    env.set(redis_url=redis_url)
    clock.now += pacing.REDIS_REST_SECONDS
    assert [pace.reserve(Channel.SMS, Lane.ALERT, [1]).slot_seconds for pace in (one, two)] == [200, 200]
    assert not pacing.take_now(1)
    clock.now += 3599
    one.reserve(Channel.SMS, Lane.ALERT, [1])
    clock.now += 1
    link().delete(key("pace:returning"), key(f"pace:{Channel.SMS}"))
    again = one.reserve(Channel.SMS, Lane.ALERT, [1])
    assert (again.granted, again.slot_seconds) == (0, 100)
    assert again.ask_again_seconds > 190, "its own last slot is not over, of which Redis does not know"


def test_a_flushed_redis_begins_behind_what_may_be_reserved(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)
    first = Pace("one").reserve(Channel.SMS, Lane.ALERT, [1])
    assert first.first_seconds == pytest.approx(slots.AHEAD_SECONDS)


def test_a_clock_set_back_holds_nobody_up(redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=10)
    link().set(key(f"pace:{Channel.SMS}"), "4102444800000000")
    assert Pace("one").reserve(Channel.SMS, Lane.ALERT, [1]).granted == 1


def test_idle_workers_count_where_redis_is_gone(redis_url: str, env: Environment) -> None:
    for name in ("one", "two", "three"):
        Concurrency(name).room(0, 0, Lane.NOTICE)
    pace = Pace("one")
    pace.reserve(Channel.SMS, Lane.ALERT, [1])
    assert pace.workers == 3


def test_an_answer_leaves_as_twiml_only_where_there_is_room(staff: Staff, redis_url: str, env: Environment) -> None:
    env.set(sender_segments_per_second=0.01)
    with writing() as session:
        contact = neighbor(session, 1)
        said = [answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US) for _ in range(2)]
        assert answers.leave_as_twiml(session, said[:1]) == [answers.rendered(said[0])]
        assert answers.leave_as_twiml(session, said[1:]) == []
    with reading() as session:
        assert session.scalars(select(Delivery.state).order_by(Delivery.id)).all() == [State.HANDED, State.WAITING]


def test_replies_keep_their_share_of_a_long_fan_out(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    env.set(sender_segments_per_second=40)
    with writing() as session:
        neighbors(session, 300)
        made = notice(session, staff)
        made.lane = int(Lane.ALERT)
        session.flush()
        _release_again(session, made)
        contact = neighbor(session, 1)
        for _ in range(20):
            answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US)
    sender.work(4)
    sent = simulator.sent()
    replies = [row for row in sent if row["to"] == "+12135550101"]
    assert 0.06 <= len(replies) / len(sent) <= 0.14


def _release_again(session: object, made: object) -> None:
    """The lane is among what is released: so it is released with the other one."""
    from bot.outbox import fuse

    made.release.words = fuse.words_of(made)  # type: ignore[attr-defined, arg-type]


def test_a_notice_under_way_lets_a_page_pass(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    env.set(sender_segments_per_second=20)
    with writing() as session:
        neighbors(session, 100)
        notice(session, staff)
    sender.work(1)
    before = len(simulator.sent())
    with writing() as session:
        answers.answer(session, neighbor(session, 1), "hotline.stopped", reason=Reason.ON_SHIFT, lane=Lane.PAGE)
    sender.work(2)
    order = [row["to"] for row in simulator.sent()][before:]
    assert order.index("+12135550101") <= 0.6 * 20
