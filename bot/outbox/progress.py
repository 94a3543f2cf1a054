"""How far is a broadcast? By state, language and channel, why copies fail or wait, how long they took: as the clock counted.

No page counts copies itself (`counting` does, in slices): what it costs to look does not grow with the audience.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.contacts.models import Channel
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.tallies import Tally

ON_THE_WAY = (State.WAITING, State.CLAIMED, State.UNKNOWN)
NOT_COMING = (State.FAILED, State.DROPPED)
Row = tuple[str, str, str, str, int]
"""State, failure, language, channel, and how many copies."""


@dataclass(frozen=True, slots=True)
class Part:
    """The copies of one language on one channel. The times are those of the copies that arrived so far, from the release on."""

    language: str
    channel: str
    audience: int
    delivered: int
    failed: int
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """How many had left, and how many had arrived, so many seconds after the release."""

    seconds: int
    handed: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`audience` is everyone planned so far; the states add up to it. `sent` counts what was sent and not yet delivered."""

    audience: int = 0
    waiting: int = 0
    claimed: int = 0
    unknown: int = 0
    handed: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    by_failure: dict[str, int] = field(default_factory=dict)
    """Why copies will not arrive."""
    tried_again: dict[str, int] = field(default_factory=dict)
    """Why copies wait for another try."""
    by_language: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    waiting_by_channel: dict[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    curve: tuple[Step, ...] = ()
    p50_seconds: float | None = None
    p95_seconds: float | None = None
    """From the release until half, and 95 of 100, of those that arrived so far had arrived."""
    counted_at: dt.datetime | None = None
    """Empty until the clock has counted it once."""
    settled: bool = False

    @property
    def first_wait(self) -> int:
        """Copies that wait for their first try: for their turn, and for nothing else."""
        return self.waiting - sum(self.tried_again.values())


def of(session: Session, broadcast_id: int) -> Progress:
    """Where the copies of this broadcast stood when they were counted last."""
    known = session.get(Tally, broadcast_id)
    return _read(known) if known else Progress()


def backlog(session: Session) -> dict[Channel, dict[State, int]]:
    """What is on its way in all: waiting, in a worker's hands, and looked up at the carrier, by channel."""
    found: dict[Channel, dict[State, int]] = {channel: dict.fromkeys(ON_THE_WAY, 0) for channel in Channel}
    for of_an_index in ("state = 'waiting'", "state IN ('claimed', 'unknown')"):
        # In the very words of the small indexes, not with parameters: else SQLite reads every copy there is.
        counted = select(Delivery.channel, Delivery.state, func.count()).where(text(of_an_index))
        for channel, state, count in session.execute(counted.group_by(Delivery.channel, Delivery.state)):
            found[channel][state] = count
    return found


def at_share(seconds: Mapping[int, int], share: float) -> float | None:
    """After how many seconds this share of them had happened."""
    total, so_far = sum(seconds.values()), 0
    for second in sorted(seconds):
        so_far += seconds[second]
        if so_far >= share * total:
            return float(second)
    return None


def _read(known: Tally) -> Progress:
    rows: list[Row] = [(row[0], row[1], row[2], row[3], row[4]) for row in known.counts["copies"]]
    by_state = _summed(rows, 0)
    arrived = _seconds(known.counts["delivered"])
    merged = _together(arrived.values())
    return Progress(
        audience=sum(by_state.values()),
        waiting=by_state.get(State.WAITING, 0),
        claimed=by_state.get(State.CLAIMED, 0),
        unknown=by_state.get(State.UNKNOWN, 0),
        handed=by_state.get(State.HANDED, 0),
        sent=by_state.get(State.SENT, 0),
        delivered=by_state.get(State.DELIVERED, 0) + by_state.get(State.READ, 0),
        failed=by_state.get(State.FAILED, 0),
        dropped=by_state.get(State.DROPPED, 0),
        by_failure=_summed([row for row in rows if row[0] in NOT_COMING], 1),
        tried_again=_summed([row for row in rows if row[0] == State.WAITING], 1),
        by_language=_summed(rows, 2),
        by_channel=_summed(rows, 3),
        waiting_by_channel=_summed([row for row in rows if row[0] == State.WAITING], 3),
        parts=tuple(_parts(rows, arrived)),
        curve=tuple(_curve(_together(_seconds(known.counts["handed"]).values()), merged)),
        p50_seconds=at_share(merged, 0.50),
        p95_seconds=at_share(merged, 0.95),
        counted_at=known.counted_at,
        settled=known.settled_at is not None,
    )


def _summed(rows: Iterable[Row], column: int) -> dict[str, int]:
    """Copies by what stands in this column, without those where nothing does."""
    sums: dict[str, int] = {}
    for row in rows:
        if value := str(row[column]):
            sums[value] = sums.get(value, 0) + row[4]
    return sums


def _seconds(counted: dict[str, dict[str, int]]) -> dict[tuple[str, str], dict[int, int]]:
    """By language and channel: in which second how many."""
    return {
        (part.split(" ")[0], part.split(" ")[1]): {int(second): number for second, number in seconds.items()}
        for part, seconds in counted.items()
    }


def _together(parts: Iterable[dict[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for part in parts:
        for second, number in part.items():
            sums[second] = sums.get(second, 0) + number
    return sums


def _parts(rows: list[Row], arrived: dict[tuple[str, str], dict[int, int]]) -> Iterable[Part]:
    """The largest first."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for state, _, language, channel, number in rows:
        mine = found.setdefault((language, channel), {})
        mine[state] = mine.get(state, 0) + number
    for (language, channel), states in sorted(found.items(), key=lambda item: -sum(item[1].values())):
        seconds = arrived.get((language, channel), {})
        yield Part(
            language,
            channel,
            audience=sum(states.values()),
            delivered=states.get(State.DELIVERED, 0) + states.get(State.READ, 0),
            failed=states.get(State.FAILED, 0) + states.get(State.DROPPED, 0),
            p50_seconds=at_share(seconds, 0.50),
            p95_seconds=at_share(seconds, 0.95),
        )


def _curve(handed: dict[int, int], arrived: dict[int, int]) -> Iterable[Step]:
    moments = sorted({*handed, *arrived})
    left = accumulate(handed.get(second, 0) for second in moments)
    came = accumulate(arrived.get(second, 0) for second in moments)
    yield from (Step(*step) for step in zip(moments, left, came, strict=True))
