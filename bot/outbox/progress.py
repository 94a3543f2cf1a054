"""How far is a broadcast? Counts by state, language and channel, and how long it took to reach the carrier."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.outbox.models import Delivery, Release, State


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
    by_language: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    first_at: dt.datetime | None = None
    p50_seconds: float | None = None
    p95_seconds: float | None = None


def of(session: Session, broadcast_id: int) -> Progress:
    """Where every copy of this broadcast stands."""
    by_state, by_failure, by_language, by_channel = _counts(session, broadcast_id)
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
        by_failure=by_failure,
        by_language=by_language,
        by_channel=by_channel,
        first_at=first_at,
        p50_seconds=_seconds_at(session, broadcast_id, 0.50, reached),
        p95_seconds=_seconds_at(session, broadcast_id, 0.95, reached),
    )


def _counts(
    session: Session, broadcast_id: int
) -> tuple[dict[State, int], dict[str, int], dict[str, int], dict[str, int]]:
    by_state: dict[State, int] = {}
    by_failure: dict[str, int] = {}
    by_language: dict[str, int] = {}
    by_channel: dict[str, int] = {}
    columns = (Delivery.state, Delivery.failure, Delivery.language, Delivery.channel)
    rows = session.execute(
        select(*columns, func.count()).where(Delivery.broadcast_id == broadcast_id).group_by(*columns)
    )
    for state, failure, language, channel, count in rows:
        by_state[state] = by_state.get(state, 0) + count
        by_language[language] = by_language.get(language, 0) + count
        by_channel[channel.value] = by_channel.get(channel.value, 0) + count
        if failure and state in (State.FAILED, State.DROPPED):
            by_failure[failure] = by_failure.get(failure, 0) + count
    return by_state, by_failure, by_language, by_channel


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
