"""How much memory does a worker hold while it sends to 100,000 people, and does that grow with the audience?"""

from dataclasses import dataclass, field

from benchmarks.fan_out import fan_out, subscribers
from benchmarks.ground import Ground
from benchmarks.processes import Process
from benchmarks.row import Row

PEOPLE = 100_000
EARLY = 0.1
MOST_MEGABYTES, FLAT = 200.0, 1.1


@dataclass
class Watch:
    """What the worker held when a tenth was sent, at most, and last."""

    worker: Process
    early_at: int
    early: float = 0.0
    most: float = 0.0
    last: float = field(default=0.0)

    def look(self, sent: int) -> None:
        self.last = self.worker.memory_bytes() / 1e6
        self.most = max(self.most, self.last)
        if sent >= self.early_at:
            self.early = self.early or self.last


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One worker, a carrier that answers at once."""
    count = 300 if quick else PEOPLE
    subscribers(ground, count)
    carrier = ground.carrier()
    worker = ground.worker()
    seen = Watch(worker, int(count * EARLY))
    fan_out(carrier, [worker], count, each=seen.look)
    seen.look(count)
    return [
        Row("most", seen.most, "the ceiling", MOST_MEGABYTES, "MB", seen.most / MOST_MEGABYTES, 1.0, at_most=True),
        Row("at the end", seen.last, "after a tenth", seen.early, "MB", seen.last / seen.early, FLAT, at_most=True),
    ]
