"""Do the real processes send what is there, with and without Redis, and end when asked?"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from bot.settings import Settings
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, hire, neighbor, neighbors, notice, states
from tests.services.carrier import Simulator
from tests.services.databases import ROOT
from tests.services.settings import Environment
from tests.services.waiting import eventually


@contextmanager
def process(name: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m workers NAME` with this test's settings."""
    with log.open("ab") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "workers", name], cwd=ROOT, env=os.environ, stdout=out, stderr=out
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait()


@pytest.fixture
def staff(database_url: str) -> Staff:
    with writing() as session:
        return hire(session)


@pytest.fixture
def ready(staff: Staff, redis_url: str, simulator: Simulator, env: Environment) -> Staff:
    env.set(sender_segments_per_second=400, sweep_seconds=0.5)
    return staff


def _handed() -> int:
    with reading() as session:
        found = states(session)
    return sum(found.get(state, 0) for state in ("handed", "sent", "delivered"))


def test_a_released_notice_leaves_through_the_queue(ready: Staff, simulator: Simulator, tmp_path: Path) -> None:
    with process("bulk", tmp_path / "bulk.log"), process("clock", tmp_path / "clock.log"):
        with writing() as session:
            neighbor(session, 1)
            notice(session, ready)
        eventually(lambda: _handed() == 1, within=20)
    assert len(simulator.sent()) == 1
    assert "12135550101" not in (tmp_path / "bulk.log").read_text()


def test_it_leaves_without_redis(ready: Staff, simulator: Simulator, env: Environment, tmp_path: Path) -> None:
    env.set(redis_url="redis://127.0.0.1:9/0")
    with writing() as session:
        neighbors(session, 40)
        notice(session, ready)
    with process("bulk", tmp_path / "bulk.log"):
        eventually(lambda: _handed() == 40, within=20)
    assert simulator.state()["copies"]["repeated"] == 0


def test_a_lost_wake_up_is_made_good(ready: Staff, redis_url: str, simulator: Simulator, tmp_path: Path) -> None:
    with writing() as session:
        neighbor(session, 1)
        notice(session, ready)
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    with process("bulk", tmp_path / "bulk.log"):
        eventually(lambda: _handed() == 1, within=20)


def test_sigterm_ends_a_busy_worker_before_its_keeper_would_kill_it_and_nothing_is_left_in_its_hands(
    ready: Staff, simulator: Simulator, env: Environment, tmp_path: Path
) -> None:
    env.set(sender_segments_per_second=20)
    with writing() as session:
        neighbors(session, 200)
        notice(session, ready)
    with process("bulk", tmp_path / "bulk.log") as running:
        eventually(lambda: _handed() > 5, within=20)
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0  # honcho's kill wait
    with reading() as session:
        assert not {"claimed", "unknown"} & set(states(session))
    assert len(simulator.sent()) == _handed()


def test_a_worker_without_its_key_says_so(ready: Staff, env: Environment) -> None:
    env.unset("number_private_key")
    done = subprocess.run(
        [sys.executable, "-m", "workers", "urgent"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "NUMBER_PRIVATE_KEY" in done.stderr


def test_every_job_and_task_name_leads_somewhere(env: Environment) -> None:
    from importlib import import_module

    from bot.outbox import wake
    from workers import schedule

    for dotted in wake.JOBS:
        module, _, name = dotted.rpartition(".")
        assert callable(getattr(import_module(module), name))
    assert all(callable(task.load()) for task in schedule.tasks())
    assert Settings.model_fields
