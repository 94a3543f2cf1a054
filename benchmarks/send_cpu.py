"""How much of a processor does one message cost, at a carrier that takes 80 ms, over TLS?

User and system time of the sending process alone: neither the carrier's nor the database server's. Ours goes the whole way: woken
by the queue, planned, claimed, the number opened, sent, recorded. The SDK's side is `messages.create` in 32 threads and
nothing else: no database, no number to open.
"""

import json

from benchmarks.fan_out import fan_out, subscribers
from benchmarks.ground import Ground
from benchmarks.row import Row

LATENCY_SECONDS, IN_FLIGHT, THREADS = 0.08, 100, 32
OURS, THEIRS = 100_000, 10_000
AGAINST = f"SDK messages.create, {THREADS} threads"
WHOLE_GOAL, ALONE_GOAL = 8.0, 12.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Three programs, one after the other, at one carrier."""
    ours, theirs = (200, 100) if quick else (OURS, THEIRS)
    subscribers(ground, ours)
    ground.set(twilio_max_concurrent_requests=IN_FLIGHT)
    carrier = ground.carrier(LATENCY_SECONDS, tls=True)
    sdk = _alone(ground, "benchmarks.baselines.sdk_pool", theirs, THREADS)
    client = _alone(ground, "benchmarks.client_alone", ours, IN_FLIGHT)
    sent = fan_out(carrier, [ground.worker()], ours)
    whole = sent.cpu_seconds / sent.count * 1e6
    return [
        Row("CPU per message, whole send path", whole, AGAINST, sdk, "us", sdk / whole, WHOLE_GOAL),
        Row("CPU per message, client alone", client, AGAINST, sdk, "us", sdk / client, ALONE_GOAL),
    ]


def _alone(ground: Ground, module: str, count: int, width: int) -> float:
    """Microseconds of CPU per message."""
    told = json.loads(ground.process(module.rpartition(".")[2], "-m", module, str(count), str(width)).wait(600.0))
    return float(told["cpu"]) / float(told["count"]) * 1e6
