"""How exactly is a sender's rate held by two worker processes together, counted at the carrier?

Two `bulk` workers, through database and queue; the other side is the same two workers with a token bucket of one second, as
every tutorial has it. The worst second is the most segments that reached the carrier within any one second.
"""

import functools
from dataclasses import dataclass
from typing import Any

from benchmarks import people
from benchmarks.arrivals import Watcher, busiest_second, watcher
from benchmarks.ground import WORKER_STARTS_SECONDS, Ground
from benchmarks.processes import Process, until
from benchmarks.row import Row
from bot.outbox import wake
from bot.outbox.link import link

SECONDS = {3.0: 15.0, 12.0: 8.0, 75.0: 6.0, 225.0: 6.0, 1000.0: 6.0}
"""By rate: how long is measured, each side. A bucket shows its worst at once."""
QUICK = {12.0: 3.0, 225.0: 3.0}
LATENCY_SECONDS = 0.08
GRACE_SECONDS = 20.0
LEAST_SHARE = 0.97
BUCKET = "a one-second token bucket in Redis"


@dataclass(frozen=True, slots=True)
class Run:
    """One side at one rate: its busiest second, how much of the rate it used, and the Redis scripts it ran each second."""

    worst: int
    share: float
    calls: float


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Both sides at each rate."""
    carrier = watcher(ground, LATENCY_SECONDS)
    rows = []
    for rate, seconds in (QUICK if quick else SECONDS).items():
        ours = _run(ground, carrier, rate, seconds, "workers")
        theirs = _run(ground, carrier, rate, seconds, "benchmarks.baselines.bucket")
        rows += _rows(rate, ours, theirs)
    return rows


def _rows(rate: float, ours: Run, theirs: Run) -> list[Row]:
    most = rate + max(1.0, 0.02 * rate)
    return [
        Row(
            f"{rate:g}/s: worst second",
            ours.worst,
            BUCKET,
            theirs.worst,
            "segments",
            ours.worst / rate,
            most / rate,
            True,
        ),
        Row(f"{rate:g}/s: share of the rate", ours.share, "the rate", 1, "", ours.share, LEAST_SHARE),
        Row(
            f"{rate:g}/s: Redis scripts run", ours.calls, BUCKET, theirs.calls, "/s", ours.calls / max(theirs.calls, 1)
        ),
    ]


def _run(ground: Ground, carrier: Watcher, rate: float, seconds: float, program: str) -> Run:
    """Two processes send to more people than the rate can reach meanwhile."""
    count = int(rate * (seconds + 3)) + 10
    ground.stand_on(f"pace_{count}", functools.partial(people.subscribers, count))
    ground.set(sender_segments_per_second=rate)
    _redis().flushdb()
    workers = [ground.process(f"{program}-{rate:g}", "-m", program, "bulk") for _ in range(2)]
    until(lambda: all(map(_has_started, workers)), WORKER_STARTS_SECONDS, "the workers start", *workers)
    carrier.forget()
    calls = _scripts()
    people.released_notice()
    wake.enqueue(wake.BULK, wake.SEND)  # for the second one
    began = until(lambda: carrier.accepted().count, GRACE_SECONDS, "the first message", *workers)
    until(
        lambda: carrier.accepted().last > began + seconds,
        seconds + GRACE_SECONDS,
        "enough of them",
        *workers,
        every=0.1,
    )
    arrivals, calls = carrier.arrivals(), _scripts() - calls
    for worker in workers:
        worker.stop()
    lasted = arrivals[-1].at - arrivals[0].at
    return Run(busiest_second(arrivals), (len(arrivals) - 1) / lasted / rate, calls / lasted)


def _has_started(worker: Process) -> bool:
    return "worker_started" in worker.log.read_text()


def _scripts() -> int:
    told = _redis().info("commandstats")
    return sum(int(told.get(f"cmdstat_{name}", {}).get("calls", 0)) for name in ("evalsha", "eval"))


def _redis() -> Any:
    return link()
