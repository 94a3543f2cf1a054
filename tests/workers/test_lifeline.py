"""Is the work done that nobody woke us for, to its end, with and without Redis?"""

from collections.abc import Iterator

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from bot.outbox import wake
from bot.outbox.link import link
from bot.store.session import reading, writing
from tests.outbox.conftest import hire, neighbors, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually
from workers import turns
from workers.lifeline import Lifeline
from workers.turns import Turns

PEOPLE = 60


@pytest.fixture
def short_turns(
    database_url: str, redis_url: str, simulator: Simulator, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Turns]:
    """A bulk worker's turns, each over long before everybody is told."""
    env.set(sender_segments_per_second=40)
    monkeypatch.setattr(Turns.take, "__defaults__", (0.2,))
    with writing() as session:
        staff = hire(session)
        neighbors(session, PEOPLE)
        notice(session, staff)
    link().flushall()  # the wake-up is lost
    made = turns.begin("bulk")
    yield made
    made.leave_off()


def _handed() -> int:
    with reading() as session:
        return states(session).get("handed", 0)


def test_what_it_cannot_finish_in_its_turn_has_a_wake_up_again(short_turns: Turns) -> None:
    Lifeline(short_turns)._take()
    assert _handed() < PEOPLE
    called_for_help, goes_on_itself = 1, 1
    assert Queue(wake.BULK, connection=link(), serializer=JSONSerializer).count == called_for_help + goes_on_itself


def test_what_it_has_in_its_hands_does_not_wait_for_whoever_took_its_job(short_turns: Turns, env: Environment) -> None:
    env.set(sweep_seconds=600)
    short_turns.take()
    assert _handed() < PEOPLE
    link().flushall()
    Lifeline(short_turns).start()
    eventually(lambda: _handed() == PEOPLE, within=20)


def test_without_redis_it_goes_on_until_everybody_is_told(short_turns: Turns, env: Environment) -> None:
    env.set(redis_url="redis://127.0.0.1:9/0")
    Lifeline(short_turns)._take()
    assert _handed() == PEOPLE
