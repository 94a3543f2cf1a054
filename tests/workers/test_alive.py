"""Does a process say that it lives, and stop saying so when it is dead, hangs, or gets nothing done?"""

import threading
import time
from pathlib import Path

import pytest

from bot.clock import ago
from bot.health import pulse
from bot.health.pulse import Heard
from bot.store.session import reading
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually
from tests.workers.test_processes import process
from workers import sweep
from workers.alive import Alive
from workers.schedule import Task
from workers.turns import Turns

NEVER = Task("never", 3600.0, "workers.jobs.send")


def heard(name: str) -> Heard:
    with reading() as session:
        found = pulse.heard(session)
    return found.get(name, Heard(name, None))


def test_a_worker_that_is_killed_falls_silent(
    database_url: str, redis_url: str, simulator: Simulator, env: Environment, tmp_path: Path
) -> None:
    assert heard("bulk").is_silent
    with process("bulk", tmp_path / "bulk.log") as running:
        eventually(lambda: not heard("bulk").is_silent, within=60)
        assert heard("urgent").is_silent
        running.kill()
        running.wait()
    env.set(silent_seconds=0.1)
    eventually(lambda: heard("bulk").is_silent, within=30)


def test_the_clock_says_which_of_its_tasks_came_to_an_end(
    database_url: str, redis_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    with process("clock", tmp_path / "clock.log"):
        for name in ("clock", "task:outbox", "task:moderation", "task:receipts"):
            eventually(lambda name=name: not heard(name).is_silent, within=60)  # type: ignore[misc]


def test_a_task_that_fails_did_not_come_to_its_end() -> None:
    def fails() -> None:
        raise RuntimeError("of this test")

    assert not sweep.do(NEVER, fails)
    assert sweep.do(NEVER, lambda: None)


def test_a_sender_that_hangs_does_not_say_that_it_lives(database_url: str, redis_url: str, env: Environment) -> None:
    env.set(silent_seconds=5)
    mine = Turns("bulk")
    assert mine.is_well
    mine.last_ended = time.monotonic() - 6
    assert not mine.is_well


def test_a_database_that_is_away_stops_nobody(env: Environment) -> None:
    env.set(database_url="postgresql://127.0.0.1:9/contigo")
    Alive(lambda: {"bulk": 5.0}, threading.Event()).say()


def test_whoever_has_nothing_to_say_writes_nothing(database_url: str) -> None:
    Alive(dict, threading.Event()).say()
    assert heard("bulk").at is None


@pytest.mark.parametrize(
    ("every", "after", "silent"), [(5.0, 35, False), (5.0, 45, True), (300.0, 600, False), (300.0, 640, True)]
)
def test_what_comes_seldom_is_waited_for_longer(env: Environment, every: float, after: float, silent: bool) -> None:
    assert Heard("task:x", ago(seconds=after), every).is_silent is silent
