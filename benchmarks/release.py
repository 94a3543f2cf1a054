"""How soon after its release is the first copy of an alert at the carrier, with 100,000 people to tell of 1,000,000 subscribers?

The worker is waiting, as it does nearly always; the clock starts before the transaction of the release.
"""

import time

from benchmarks import people
from benchmarks.fan_out import subscribers
from benchmarks.ground import Ground
from benchmarks.processes import until
from benchmarks.row import Row

TOLD, SUBSCRIBERS = 100_000, 1_000_000
MOST_SECONDS = 0.5
LONGEST_SECONDS = 60.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One release. The rest of its fan-out is left undone."""
    told, of = (100, 1000) if quick else (TOLD, SUBSCRIBERS)
    subscribers(ground, told, of)
    carrier = ground.carrier()
    worker = ground.worker()
    ground.wait_until_idle(1)
    drafted = people.drafted_notice()
    began = time.monotonic()
    people.release(drafted)
    until(lambda: carrier.accepted().count, LONGEST_SECONDS, "the first copy", worker, every=0.005)
    took = carrier.accepted().first - began
    return [
        Row(
            f"first POST, {told:,} of {of:,}", took, "the ceiling", MOST_SECONDS, "s", took / MOST_SECONDS, 1.0, True
        )
    ]  # fmt: skip
