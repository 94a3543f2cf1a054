"""What does one fan-out take, from its release to the last copy written down? By real workers, counted at the carrier."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from benchmarks import people
from benchmarks.carrier import Carrier
from benchmarks.ground import Ground
from benchmarks.processes import Failed, Process, until
from bot.store.session import reading

LONGEST_SECONDS = 600.0
OPEN = text(
    "SELECT EXISTS (SELECT 1 FROM delivery WHERE state = 'waiting')"
    " OR EXISTS (SELECT 1 FROM delivery WHERE state IN ('claimed', 'unknown'))"
    " OR EXISTS (SELECT 1 FROM broadcast WHERE planned_at IS NULL)"
)
HANDED = text("SELECT count(*) FROM delivery WHERE state = 'handed' AND sid IS NOT NULL")


@dataclass(frozen=True, slots=True)
class FanOut:
    """`seconds` from before the release until the last row was seen recorded; CPU is the workers'."""

    count: int
    seconds: float
    first_post_seconds: float
    cpu_seconds: float
    carrier_cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def subscribers(ground: Ground, count: int, of: int = 0) -> None:
    """Stand on a database with `count` people to be told, of `of` in all."""
    ground.stand_on(f"told_{count}_of_{max(count, of)}", lambda: people.subscribers(count, of))


def fan_out(
    carrier: Carrier, workers: list[Process], count: int, each: Callable[[int], None] = lambda _: None
) -> FanOut:
    """A notice to the `count` people of this ground; `each` is told how many are sent, again and again.

    Raises `Failed` unless each was handed to the carrier once, and written down.
    """

    def all_sent() -> bool:
        sent = carrier.accepted().count
        each(sent)
        return sent >= count

    carrier.forget()
    cpu, carrier_cpu = sum(one.cpu_seconds() for one in workers), carrier.accepted().cpu_seconds
    began = time.monotonic()
    people.released_notice()
    until(all_sent, LONGEST_SECONDS, "all are sent", *workers, every=0.02)
    ended = until(lambda: not _open(), LONGEST_SECONDS, "all is written down", *workers, every=0.005)
    cpu = sum(one.cpu_seconds() for one in workers) - cpu
    taken = carrier.accepted()
    if taken.count != count or _handed() != count:
        raise Failed(f"{count} to be told, {taken.count} taken by the carrier, {_handed()} written down as handed")
    return FanOut(count, ended - began, taken.first - began, cpu, taken.cpu_seconds - carrier_cpu)


def _open() -> bool:
    with reading() as session:
        return bool(session.scalar(OPEN))


def _handed() -> int:
    with reading() as session:
        return int(session.scalar(HANDED) or 0)
