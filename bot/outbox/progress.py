"""How far is a broadcast? Counts by state, language and channel, and how long it took to reach the carrier."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from bot.contacts.models import Channel
from bot.outbox.models import Delivery, Release, State

ON_THE_WAY = (State.WAITING, State.CLAIMED, State.UNKNOWN)


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
    first_at: dt.datetime | None = None
    p50_seconds: float | None = None
    p95_seconds: float | None = None


def of(session: Session, broadcast_id: int) -> Progress:
    """Where every copy of this broadcast stands."""
    rows = _counts(session, broadcast_id)
    by_state = _summed(rows, "state")
    first_at = session.scalar(select(func.min(Delivery.handed_at)).where(Delivery.broadcast_id == broadcast_id))
    reached = sum(
        by_state.get(state, 0) for state in (State.HANDED, State.SENT, State.DELIVERED, State.READ, State.FAILED)
    )
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
        by_failure=_summed([row for row in rows if row.state in (State.FAILED, State.DROPPED)], "failure"),
        tried_again=_summed([row for row in rows if row.state is State.WAITING], "failure"),
        by_language=_summed(rows, "language"),
        by_channel=_summed(rows, "channel"),
        first_at=first_at,
        p50_seconds=_seconds_at(session, broadcast_id, 0.50, reached),
        p95_seconds=_seconds_at(session, broadcast_id, 0.95, reached),
    )


def backlog(session: Session) -> dict[Channel, dict[State, int]]:
    """What is on its way in all: waiting, in a worker's hands, and looked up at the carrier, by channel."""
    found: dict[Channel, dict[State, int]] = {channel: dict.fromkeys(ON_THE_WAY, 0) for channel in Channel}
    for of_an_index in ("state = 'waiting'", "state IN ('claimed', 'unknown')"):
        # In the very words of the small indexes, not with parameters: else SQLite reads every copy there is.
        counted = select(Delivery.channel, Delivery.state, func.count()).where(text(of_an_index))
        for channel, state, count in session.execute(counted.group_by(Delivery.channel, Delivery.state)):
            found[channel][state] = count
    return found


def _counts(session: Session, broadcast_id: int) -> list[Row[Any]]:
    columns = (Delivery.state, Delivery.failure, Delivery.language, Delivery.channel)
    counted = select(*columns, func.count().label("copies")).where(Delivery.broadcast_id == broadcast_id)
    return list(session.execute(counted.group_by(*columns)))


def _summed(rows: Iterable[Row[Any]], column: str) -> dict[Any, int]:
    """Copies by what stands in this column, without those where nothing does."""
    sums: dict[Any, int] = {}
    for row in rows:
        if (value := getattr(row, column)) is not None:
            sums[value] = sums.get(value, 0) + row.copies
    return sums


def _seconds_at(session: Session, broadcast_id: int, share: float, reached: int) -> float | None:
    """From the release until this share of those reached was handed over."""
    if not reached:
        return None
    at = session.scalar(
        select(Delivery.handed_at)
        .where(Delivery.broadcast_id == broadcast_id, Delivery.handed_at.is_not(None))
        .order_by(Delivery.handed_at)
        .offset(min(reached - 1, int(share * reached)))
        .limit(1)
    )
    released_at = session.scalar(select(Release.released_at).where(Release.broadcast_id == broadcast_id))
    return (at - released_at).total_seconds() if at and released_at else None
