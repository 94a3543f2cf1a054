"""Did a lost send arrive? The carrier's own list is looked at, twice, before anything is sent a second time.

A copy is `unknown` when its request timed out, was answered 5xx or reset, or when its worker died with it. A receipt settles it
at once (`receipts`). Else we look for it on the list by number and text; the list lags, so absence counts only when it was
seen twice, `UNKNOWN_LOOK_SECONDS` apart. Then nothing was accepted, and the copy waits again like any other.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox import lost as lost_copies
from bot.outbox import seen as seen_rows
from bot.outbox import wake
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.found import Found, found, merge_found
from bot.outbox.lost import CHUNK, Lost, Taken
from bot.outbox.models import Lane
from bot.outbox.seen import Seen
from bot.settings import settings
from bot.store.many import among
from bot.store.session import reading, writing

LOOKS = 2
AGAIN_SECONDS = 5.0
"""When the list could not be read: no look was had, and the next one need not wait."""

_COPY = Delivery.__table__.c
_OURS = (among(_COPY.id), _COPY.state == State.UNKNOWN, _COPY.lease_until == bindparam("taken"))
"""Still lost, and still by the look that took it."""
_LOCKED = select(_COPY.id).where(*_OURS).order_by(_COPY.id).with_for_update()
_MISSED = update(Delivery.__table__).where(*_OURS).values(looks=_COPY.looks + 1)  # type: ignore[arg-type]
_NEVER_ARRIVED = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(*_OURS, _COPY.looks >= LOOKS)
    .values(state=State.WAITING, lease_until=None, looks=0, sid=None)
    .returning(_COPY.lane)
)
_AGAIN = update(Delivery.__table__).where(*_OURS).values(lease_until=bindparam("again"))  # type: ignore[arg-type]

log = structlog.get_logger(__name__)


def look() -> int:
    """Look for every lost copy whose time it is; how many. No database is held while the carrier is asked."""
    taken = lost_copies.take()
    if taken.lost:
        decide(taken, seen_rows.look_for(taken.lost))
    return len(taken.lost)


def decide(taken: Taken, seen: Seen) -> None:
    """Found, not there, or nothing can be said: each in bulk, in short transactions."""
    with reading() as session:
        # In this order: a twin that is recorded in between is known by its sid then.
        doubtful = lost_copies.twins_in_flight(session, [one for one in taken.lost if any(seen.of(one))])
        ours = known_sids(session, (row.sid for one in taken.lost for row in seen.of(one)))
    arrived: list[Found] = []
    absent: list[int] = []
    for one in taken.lost:
        rows = [row for row in seen.of(one) if row.sid not in ours]
        match = next(filter(seen_rows.has_words, rows), None)
        if one.id in doubtful or (rows and match is None):
            continue  # a row may be this copy's, and may not: the next look is already set
        if match is not None:
            ours.add(match.sid)
            arrived.append(found(one.id, match))
        elif one.id not in seen.unread:
            absent.append(one.id)
    merge_found(arrived)
    _not_there(absent, taken.next_look)
    _soon_again([id_ for id_ in seen.unread if id_ not in {one.delivery_id for one in arrived}], taken.next_look)
    if arrived:
        log.info("lost_and_found", count=len(arrived))


def known_sids(session: Session, sids: Iterable[str]) -> set[str]:
    """Two equal texts to one person are two messages: one that another copy answers for is not this one's."""
    asked = sorted(set(sids))
    known: set[str] = set()
    for start in range(0, len(asked), CHUNK):
        some = asked[start : start + CHUNK]
        known.update(sid for sid in session.scalars(select(Delivery.sid).where(Delivery.sid.in_(some))) if sid)
    return known


def _not_there(ids: Sequence[int], taken: dt.datetime) -> None:
    """The second time that means that it never arrived."""
    for start in range(0, len(ids), CHUNK):
        of = {"ids": list(ids[start : start + CHUNK]), "taken": taken}
        with writing() as session:
            held = session.connection()
            held.execute(_LOCKED, of)
            held.execute(_MISSED, of)
            lanes = held.execute(_NEVER_ARRIVED, of).scalars().all()
        if lanes:
            log.info("never_arrived", count=len(lanes))
            for lane in {min(lanes), max(lanes)}:
                wake.senders(Lane(lane))


def _soon_again(ids: Sequence[int], taken: dt.datetime) -> None:
    """Nothing was learned of these: another look, without waiting as after one."""
    if not ids:
        return
    log.warning("carrier_list_unreadable", count=len(ids))
    wait = min(AGAIN_SECONDS, settings().unknown_look_seconds)
    with writing() as session:
        of = {"ids": list(ids), "taken": taken, "again": now() + dt.timedelta(seconds=wait)}
        session.connection().execute(_LOCKED, of)
        session.connection().execute(_AGAIN, of)


__all__ = ["Lost", "decide", "look"]
