"""Does a worker run nothing but our own jobs, whatever somebody wrote into Redis?"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Callback, Queue, SimpleWorker
from rq.serializers import DefaultSerializer, JSONSerializer

from bot.outbox import wake
from bot.outbox.link import link
from tests.services.settings import Environment
from tests.services.waiting import eventually
from tests.workers.test_processes import process
from workers.known_job import KnownJob

RAN: list[str] = []


def ours() -> None:
    """Stands for a job of ours."""
    RAN.append("ours")


def theirs(*_anything: Any, **_more: Any) -> None:
    """Stands for anything that can be imported."""
    RAN.append("theirs")


OURS, THEIRS = f"{__name__}.ours", f"{__name__}.theirs"


@pytest.fixture
def queue(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """As whoever has got hold of Redis would fill it."""
    RAN.clear()
    monkeypatch.setattr(wake, "JOBS", (OURS,))
    link().flushall()
    return Queue(wake.BULK, connection=link(), serializer=JSONSerializer)


def _work(redis: Redis) -> None:
    known = Queue(wake.BULK, connection=redis, serializer=JSONSerializer, job_class=KnownJob)
    while known.count:
        SimpleWorker([known], connection=redis, job_class=KnownJob, serializer=JSONSerializer).work(burst=True)


def test_a_job_of_ours_runs(queue: Queue) -> None:
    queue.enqueue_call(OURS)
    _work(link())
    assert RAN == ["ours"]


@pytest.mark.threat("T21")
@pytest.mark.parametrize(
    "forge",
    [
        lambda queue: queue.enqueue_call(THEIRS),
        lambda queue: queue.enqueue_call(OURS, args=("an argument",)),
        lambda queue: queue.enqueue_call(OURS, kwargs={"named": 1}),
        lambda queue: queue.enqueue_call(OURS, on_success=Callback(theirs)),
        lambda queue: queue.enqueue_call(OURS, on_failure=Callback(theirs)),
        lambda queue: queue.enqueue_call(OURS, on_stopped=Callback(theirs)),
        lambda queue: Queue(queue.name, connection=link(), serializer=DefaultSerializer).enqueue_call(THEIRS),
    ],
    ids=["another", "an argument", "a named argument", "after success", "after failure", "after stopping", "a pickle"],
)
def test_what_somebody_else_put_there_does_not_run_and_ours_behind_it_does(
    queue: Queue, forge: Callable[[Queue], object]
) -> None:
    forge(queue)
    _work(link())
    assert RAN == []
    queue.enqueue_call(OURS)
    _work(link())
    assert RAN == ["ours"]


@pytest.mark.threat("T21")
def test_the_real_process_runs_none_either(
    database_url: str, redis_url: str, simulator: object, env: Environment, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    link().flushall()
    queue = Queue(wake.BULK, connection=link(), serializer=JSONSerializer)
    queue.enqueue_call("os.mkdir", args=(os.fspath(mark),))
    with process("bulk", tmp_path / "log"):
        eventually(lambda: "job_refused" in (tmp_path / "log").read_text(), within=20)
        eventually(lambda: queue.count == 0, within=20)
    assert not mark.exists()
