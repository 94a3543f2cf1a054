"""kill -9 in a fan-out, Redis flushed, trouble at the carrier: is anybody lost, or told twice? Counted at the phones."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from bot.outbox.models import Delivery, State
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, hire, neighbors, notice, number
from tests.services.carrier import Simulator
from tests.services.databases import ROOT
from tests.services.settings import Environment
from tests.services.waiting import eventually

PEOPLE = 2000
SETTLED = (State.HANDED, State.SENT, State.DELIVERED, State.READ)


class Crew:
    """Worker processes that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, line: str) -> None:
        log = (self._folder / f"{name}.log").open("ab")
        with log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "workers", line], cwd=ROOT, env=os.environ, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        running = self._running.pop(name)
        running.kill()
        running.wait()

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    with ExitStack() as stack:
        made = Crew(tmp_path)
        stack.callback(made.kill_all)
        yield made


@pytest.fixture
def fan_out(database_url: str, redis_url: str, simulator: Simulator, env: Environment) -> Staff:
    """A released notice to 2,000 people, and quick looks at what is lost."""
    env.set(
        sender_segments_per_second=250, lease_seconds=3, twilio_timeout_seconds=1, unknown_look_seconds=2,
        sweep_seconds=0.5, slice_size=500,
    )  # fmt: skip
    simulator.live(max_concurrent=300, rates={"+15625550100": 10_000})
    with writing() as session:
        staff = hire(session)
        neighbors(session, PEOPLE)
        notice(session, staff)
    return staff


def handed() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Delivery.state.in_(SETTLED))) or 0


def _more_than(count: int) -> Callable[[], bool]:
    return lambda: handed() > min(count, PEOPLE - 1)


def everyone_has_one(simulator: Simulator) -> None:
    """Counted at the carrier, not in our books."""
    got = [row["to"] for row in simulator.sent()]
    assert len(got) == len(set(got)), f"{len(got) - len(set(got))} were told twice"
    assert set(got) == {number(n) for n in range(100, 100 + PEOPLE)}


@pytest.mark.slow
def test_workers_killed_at_random_moments_lose_and_double_nobody(
    fan_out: Staff, crew: Crew, simulator: Simulator
) -> None:
    chance = random.Random(7)
    crew.start("clock", "clock")
    for name in ("one", "two"):
        crew.start(name, "bulk")
    killed = 0
    while killed < 12 and handed() < PEOPLE:
        seen = handed()
        eventually(_more_than(seen + 20), within=60)
        time.sleep(chance.random() * 0.4)
        name = chance.choice(["one", "two", "clock"])
        crew.kill(name)
        crew.start(name, "clock" if name == "clock" else "bulk")
        killed += 1
    assert killed >= 5
    eventually(lambda: handed() == PEOPLE, within=90)
    everyone_has_one(simulator)


@pytest.mark.slow
def test_redis_flushed_in_the_middle_loses_and_doubles_nobody(
    fan_out: Staff, crew: Crew, simulator: Simulator, redis_url: str
) -> None:
    crew.start("clock", "clock")
    crew.start("one", "bulk")
    for share in (0.1, 0.3, 0.6):
        eventually(_more_than(int(share * PEOPLE)), within=60)
        with Redis.from_url(redis_url) as redis:
            redis.flushall()
    eventually(lambda: handed() == PEOPLE, within=60)
    everyone_has_one(simulator)


@pytest.mark.slow
def test_a_carrier_in_trouble_loses_and_doubles_nobody(fan_out: Staff, crew: Crew, simulator: Simulator) -> None:
    for fault, share in (
        ("server_error", 0.1), ("server_error_accepted", 0.03), ("reset_accepted", 0.03), ("reset", 0.03),
        ("hang_accepted", 0.01), ("too_many", 0.1),
    ):  # fmt: skip
        simulator.fault(fault, share=share)
    crew.start("clock", "clock")
    crew.start("one", "bulk")
    crew.start("two", "bulk")
    eventually(lambda: handed() > 0.7 * PEOPLE, within=120)
    simulator.mend()
    eventually(lambda: handed() == PEOPLE, within=90)
    everyone_has_one(simulator)
