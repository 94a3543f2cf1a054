"""How are the other side's programs run? Their workers ready, then timed from the first message queued to the last recorded."""

import json

from sqlalchemy.exc import OperationalError

from benchmarks.baselines import one_by_one
from benchmarks.ground import Ground
from benchmarks.processes import Failed, Process, until
from runner.keeper import ROOT

CELERY = ROOT / "var" / "bench" / "celery"
"""Celery pins an older dateutil than ours, so `./run bench` installs it beside `.venv`, from its own lock."""
READY_SECONDS, LONGEST_SECONDS = 30.0, 600.0


def rq(ground: Ground, kind: str, processes: int, count: int) -> float:
    """Messages a second through RQ: `simple` keeps its connections, `forking` is RQ's default."""
    module = "benchmarks.baselines.rq_jobs"
    workers = [ground.process(f"rq-{kind}", "-m", module, kind) for _ in range(processes)]
    return _rate(ground, module, workers, "ready", count)


def celery(ground: Ground, processes: int, count: int) -> float:
    """Messages a second through one Celery worker with so many children."""
    if not CELERY.exists():
        raise Failed("Celery is not installed: ./run bench does that.")
    ground.settings["PYTHONPATH"] = f"{CELERY}:{ROOT}"
    module = "benchmarks.baselines.celery_jobs"
    rate = _rate(ground, module, [ground.process("celery", "-m", module, "work", str(processes))], "ready", count)
    ground.settings["PYTHONPATH"] = str(ROOT)
    return rate


def _rate(ground: Ground, module: str, workers: list[Process], word: str, count: int) -> float:
    _prepare(count)
    for worker in workers:
        until(lambda said=worker.log: word in said.read_text(), READY_SECONDS, "its workers are ready", worker)  # type: ignore[misc]
    enqueuer = ground.process("enqueue", "-m", module, "enqueue", str(count))
    ended = until(lambda: _sent() >= count, LONGEST_SECONDS, "its messages are recorded", *workers, every=0.02)
    began = float(json.loads(enqueuer.wait(60.0))["began"])
    for worker in workers:
        worker.stop()
    one_by_one.engine().dispose()
    return count / (ended - began)


def _prepare(count: int) -> None:
    one_by_one.engine.cache_clear()
    one_by_one.prepare(count)


def _sent() -> int:
    try:
        return one_by_one.sent()
    except OperationalError:
        return 0
