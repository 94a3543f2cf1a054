"""How much of what the carrier's limit allows do we use?

The bound is requests in flight over latency: 100 at 80 ms are 1,250 a second. Counted from the release to the last copy written
down: planning, the first claim and the last record are in it.
"""

from benchmarks.fan_out import fan_out, subscribers
from benchmarks.ground import Ground
from benchmarks.row import Row

LATENCY_SECONDS, IN_FLIGHT, PEOPLE = 0.08, 100, 15_000
GOAL = 0.95


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One worker, which has all requests in flight to itself, and two, which share them."""
    return [_row(ground, 2, 50)] if quick else [_row(ground, workers, PEOPLE) for workers in (1, 2)]


def _row(ground: Ground, count: int, audience: int) -> Row:
    subscribers(ground, audience)
    ground.set(twilio_max_concurrent_requests=IN_FLIGHT)
    carrier = ground.carrier(LATENCY_SECONDS)
    workers = [ground.worker() for _ in range(count)]
    rate = fan_out(carrier, workers, audience).rate
    for worker in workers:
        worker.stop()
    bound = IN_FLIGHT / LATENCY_SECONDS
    return Row(
        f"rate, {count} worker{'s'[: count - 1]}",
        rate,
        f"{IN_FLIGHT} in flight / 80 ms",
        bound,
        "/s",
        rate / bound,
        GOAL,
    )
