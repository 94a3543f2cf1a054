"""How many messages a second, from the first one queued to the last one written down, at a carrier that answers at once?

As many sending processes on each side; whoever is slow sends fewer, which its rate does not show. What shares the processors
with the senders is the same for all: the carrier (a third of a sender's own cost), Redis, PostgreSQL where it is used.
"""

import json
import time

from benchmarks import other_side
from benchmarks.carrier import Carrier
from benchmarks.fan_out import fan_out, subscribers
from benchmarks.ground import Ground
from benchmarks.row import Row

IN_FLIGHT, PROCESSES = 100, 2
OURS, ALONE, ONE_BY_ONE, FORKING = 40_000, 60_000, 1500, 150
QUICK = 60
SHARE_GOAL, SIMPLE_GOAL, CELERY_GOAL = 0.4, 20.0, 15.0
START_SECONDS = 4.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """The bare loop, ours, and the other side's programs, one after the other."""
    ours = QUICK if quick else OURS
    subscribers(ground, ours)
    ground.set(twilio_max_concurrent_requests=IN_FLIGHT)
    carrier = ground.carrier()
    bare = _bare_loop(ground, QUICK if quick else ALONE)
    sent = _ours(ground, carrier, ours)
    rows = [Row("rate, share of the bare loop", sent, "our client in a loop", bare, "/s", sent / bare, SHARE_GOAL)]
    return rows + [
        Row(f"rate, against {name}", sent, name, theirs, "/s", sent / theirs, goal)
        for name, theirs, goal in _others(ground, quick)
    ]


def _bare_loop(ground: Ground, count: int) -> float:
    """The same client in as many processes, with nothing around it."""
    share, at = count // PROCESSES, time.monotonic() + START_SECONDS
    loops = [
        ground.process("loop", "-m", "benchmarks.client_alone", str(share), str(IN_FLIGHT // PROCESSES), str(at))
        for _ in range(PROCESSES)
    ]
    told = [json.loads(one.wait(600.0)) for one in loops]
    return sum(float(one["count"]) / float(one["seconds"]) for one in told)


def _ours(ground: Ground, carrier: Carrier, count: int) -> float:
    workers = [ground.worker() for _ in range(PROCESSES)]
    sent = fan_out(carrier, workers, count)
    for worker in workers:
        worker.stop()
    return sent.rate


def _others(ground: Ground, quick: bool) -> list[tuple[str, float, float | None]]:
    some, few = (QUICK, QUICK // 6) if quick else (ONE_BY_ONE, FORKING)
    return [
        ("RQ SimpleWorker, job per message", other_side.rq(ground, "simple", PROCESSES, some), SIMPLE_GOAL),
        ("Celery prefork, task per message", other_side.celery(ground, PROCESSES, some), CELERY_GOAL),
        ("RQ forking Worker, job per message", other_side.rq(ground, "forking", PROCESSES, few), None),
    ]
