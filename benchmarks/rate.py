"""How many messages a second, from the first one queued to the last one written down, at a carrier that answers at once?

As many sending processes on each side; whoever is slow sends fewer, which its rate does not show. What shares the processors
with the senders is the same for all: the carrier (10 us for a message), Redis, PostgreSQL where it is used.
"""

import json
import time

from benchmarks import other_side
from benchmarks.carrier import Carrier
from benchmarks.fan_out import fan_out, subscribers
from benchmarks.ground import Ground
from benchmarks.row import Row

IN_FLIGHT, PROCESSES = 100, 2
OURS, ALONE, ONE_BY_ONE, FORKING = 100_000, 100_000, 1500, 150
QUICK = 30
SHARE_GOAL, SIMPLE_GOAL, CELERY_GOAL = 0.4, 20.0, 15.0
START_SECONDS = 4.0
"""Until every loop is warm."""


def measure(ground: Ground, quick: bool) -> list[Row]:
    """The bare loop, ours, and the other side's programs, one after the other."""
    ours, alone, processes = (QUICK, QUICK, 1) if quick else (OURS, ALONE, PROCESSES)
    subscribers(ground, ours)
    ground.set(twilio_max_concurrent_requests=IN_FLIGHT)
    carrier = ground.carrier()
    bare = _bare_loop(ground, processes, alone)
    sent = _ours(ground, carrier, processes, ours)
    rows = [Row("rate, share of the bare loop", sent, "our client in a loop", bare, "/s", sent / bare, SHARE_GOAL)]
    return rows + [
        Row(f"rate, against {name}", sent, name, theirs, "/s", sent / theirs, goal)
        for name, theirs, goal in _others(ground, quick)
    ]


def _bare_loop(ground: Ground, processes: int, count: int) -> float:
    """The same client in as many processes, with nothing around it."""
    share, width, at = count // processes, IN_FLIGHT // processes, time.monotonic() + START_SECONDS
    loops = [
        ground.process("loop", "-m", "benchmarks.client_alone", str(share), str(width), str(at))
        for _ in range(processes)
    ]
    told = [json.loads(one.wait(600.0)) for one in loops]
    return sum(float(one["count"]) / float(one["seconds"]) for one in told)


def _ours(ground: Ground, carrier: Carrier, processes: int, count: int) -> float:
    workers = [ground.worker() for _ in range(processes)]
    sent = fan_out(carrier, workers, count)
    for worker in workers:
        worker.stop()
    return sent.rate


def _others(ground: Ground, quick: bool) -> list[tuple[str, float, float | None]]:
    some, few, processes = (QUICK, 2, 1) if quick else (ONE_BY_ONE, FORKING, PROCESSES)
    found: list[tuple[str, float, float | None]] = [
        ("RQ SimpleWorker, job per message", other_side.rq(ground, "simple", processes, some), SIMPLE_GOAL),
        ("RQ forking Worker, job per message", other_side.rq(ground, "forking", processes, few), None),
    ]
    if not quick or other_side.CELERY.exists():
        rate = other_side.celery(ground, processes, some)
        found.insert(1, ("Celery prefork, task per message", rate, CELERY_GOAL))
    return found
