"""Whom would a draft reach, were it released now? Counted by the clock while a draft waits, so that the page that shows it counts
nobody.

Asked of the very SELECT that planning makes copies from: what is said of the audience is whom it will be.
"""

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox import planning
from bot.outbox.models import Broadcast, BroadcastState
from bot.outbox.tallies import Expected
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription

COUNT_AGAIN_SECONDS, LONGEST_SECONDS = 15.0, 45.0
"""With what counting itself takes, no count that is shown is older than a minute."""
SHARE = 0.02
"""Of the clock's time that one draft may take."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Audience:
    """How many are told, and of those who asked, how many cannot be. `counted_at` is empty while nobody has counted yet."""

    total: int = 0
    by_language: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    by_neighborhood: dict[str, int] = field(default_factory=dict)
    """Somebody of two neighborhoods counts in both here, and once in `total`."""
    by_rendition: dict[tuple[str, str], int] = field(default_factory=dict)
    """(language, channel) -> people: times each text's segments, what it will cost."""
    unreachable: int = 0
    """They asked, but no channel reaches them now: suppressed, or WhatsApp only and outside its window."""
    counted_at: dt.datetime | None = None

    def segments(self, of: dict[tuple[str, str], int]) -> int:
        """What it costs in all, given the segments of each (language, channel)."""
        return sum(count * of.get(rendition, 1) for rendition, count in self.by_rendition.items())


def of(session: Session, broadcast: Broadcast) -> Audience:
    """What the clock counted last."""
    known = session.get(Expected, broadcast.id)
    return _read(known) if known else Audience()


def count() -> int:
    """Count every draft whose last count is old, each by itself; how many."""
    with reading() as session:
        due = [draft.id for draft, known in _drafts(session) if known is None or _is_old(known)]
    for broadcast_id in due:
        try:
            _count(broadcast_id)
        except Exception as error:
            log.exception("audience_not_counted", broadcast=broadcast_id, error_type=type(error).__name__)
    return len(due)


def counted(session: Session, broadcast: Broadcast) -> Audience:
    """Everybody it would reach, asked now: what it costs grows with the audience."""
    return _read(Expected(broadcast_id=broadcast.id, counted_at=now(), counts=_counts(session, broadcast)))


def _drafts(session: Session) -> list[tuple[Broadcast, Expected | None]]:
    waiting = (
        select(Broadcast, Expected)
        .outerjoin(Expected, Expected.broadcast_id == Broadcast.id)
        .where(Broadcast.state == BroadcastState.DRAFT, Broadcast.expires_at > now())
        .order_by(Broadcast.lane, Broadcast.id)
    )
    return [(row[0], row[1]) for row in session.execute(waiting)]


def _is_old(known: Expected) -> bool:
    pause = min(max(COUNT_AGAIN_SECONDS, known.took_seconds / SHARE), LONGEST_SECONDS)
    return (now() - known.counted_at).total_seconds() >= pause


def _count(broadcast_id: int) -> None:
    """Read first, and only then take the write lock for one small row."""
    began = time.monotonic()
    with reading() as session:
        broadcast = session.get(Broadcast, broadcast_id)
        if broadcast is None:
            return
        moment, counts = now(), _counts(session, broadcast)
    took = time.monotonic() - began
    with writing() as session:
        session.merge(Expected(broadcast_id=broadcast_id, counted_at=moment, took_seconds=took, counts=counts))


def _counts(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    who = planning.whom(session, broadcast).subquery()
    parts = session.execute(select(who.c.language, who.c.channel, func.count()).group_by(who.c.language, who.c.channel))
    places = sorted(broadcast.neighborhoods)
    areas = session.execute(
        select(Subscription.subject, func.count())
        .where(Subscription.subject.in_(places), Subscription.contact_id.in_(select(who.c.contact_id)))
        .group_by(Subscription.subject)
    )
    by_rendition = [[row[0], row[1], row[2]] for row in parts]
    told = sum(people for _, _, people in by_rendition)
    return {
        "by_rendition": by_rendition,
        "by_neighborhood": dict.fromkeys(places, 0) | {row[0]: row[1] for row in areas},
        "unreachable": max(0, planning.asked(session, broadcast) - told),
    }


def _read(known: Expected) -> Audience:
    by_rendition = {(language, channel): people for language, channel, people in known.counts["by_rendition"]}
    return Audience(
        total=sum(by_rendition.values()),
        by_language=_summed(by_rendition, 0),
        by_channel=_summed(by_rendition, 1),
        by_neighborhood=dict(known.counts["by_neighborhood"]),
        by_rendition=by_rendition,
        unreachable=known.counts["unreachable"],
        counted_at=known.counted_at,
    )


def _summed(by_rendition: dict[tuple[str, str], int], part: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for rendition, people in by_rendition.items():
        sums[rendition[part]] = sums.get(rendition[part], 0) + people
    return sums
