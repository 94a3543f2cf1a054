"""Do processes that start together end together, however the end comes, and leave nothing behind?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.keeper import ROOT
from tests.services.waiting import eventually

PROGRAM = """
import os, sys
from pathlib import Path
from runner.together import AlreadyRuns, Together, the_only
folder = Path(sys.argv[1])
try:
    with the_only(folder):
        together = Together(folder)
        for number, command in enumerate(sys.argv[2:]):
            together.add(f"p{number}", command, os.environ)
        sys.exit(together.run())
except AlreadyRuns:
    sys.exit("already runs")
"""
PATIENT = "sleep 60"
STUBBORN = "sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'"

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(*commands: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-c", PROGRAM, str(tmp_path), *commands]
        started.append(
            subprocess.Popen(
                program, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
            )
        )
        return started[-1]

    yield begin
    for running in started:
        running.kill()
        running.communicate()


def groups(folder: Path, count: int) -> list[int]:
    """The processes' ids, once all have started."""

    def written() -> list[int]:
        texts = [file.read_text().strip() for file in folder.glob("*.pid")]
        assert len(texts) == count
        assert all(texts)
        return [int(text) for text in texts]

    return eventually(written)


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("how", "other"),
    [
        (signal.SIGINT, STUBBORN),
        (signal.SIGTERM, PATIENT),
        (signal.SIGHUP, PATIENT),
        (signal.SIGKILL, STUBBORN),
    ],
)
def test_nothing_is_left_within_six_seconds(start: Start, tmp_path: Path, how: signal.Signals, other: str) -> None:
    running = start(PATIENT, other)
    children = groups(tmp_path, 2)
    began = time.monotonic()
    running.send_signal(how)
    eventually(lambda: not any(lives(child) for child in children), within=6, saying="all ended")
    assert running.wait(timeout=max(0.1, began + 6 - time.monotonic())) == (-9 if how == signal.SIGKILL else 0)


def test_it_can_be_ended_before_all_have_started(start: Start, tmp_path: Path) -> None:
    running = start(*[PATIENT] * 4)
    eventually(lambda: list(tmp_path.glob("*.pid")))
    running.terminate()
    assert running.wait(timeout=6) == 0


def test_when_one_ends_all_do_and_its_status_is_theirs(start: Start, tmp_path: Path) -> None:
    running = start(PATIENT, f"sh -c 'until test -e {tmp_path}/enough; do sleep 0.02; done; exit 7'")
    children = groups(tmp_path, 2)
    (tmp_path / "enough").touch()
    assert running.wait(timeout=6) == 7
    assert not any(lives(child) for child in children)


def test_there_is_only_one_per_folder(start: Start, tmp_path: Path) -> None:
    start(PATIENT)
    groups(tmp_path, 1)
    second = start(PATIENT)
    assert b"already runs" in second.communicate(timeout=6)[1]


def test_one_that_was_killed_does_not_stand_in_the_way_of_the_next(start: Start, tmp_path: Path) -> None:
    start(PATIENT).kill()
    following = start(PATIENT)
    groups(tmp_path, 1)
    assert following.poll() is None
