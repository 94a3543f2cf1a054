"""How far is each broadcast? Counted anew in slices, first where something moves: an alert to a million is looked at in pieces.

A slice in which nothing changed is left alone for longer each time; the one that sending has come to is counted each second. What
it adds up to is one row a page reads.
"""

import datetime as dt
import time
from collections.abc import Sequence

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.clock import ago, ahead, now
from bot.outbox import slices
from bot.outbox.models import Broadcast, BroadcastState, Kind, Release
from bot.outbox.tallies import Tally, TallySlice
from bot.store.alone import alone
from bot.store.session import reading, writing

BUDGET_SECONDS = 0.1
"""Of one turn: slices that are due and do not fit into it come next."""
LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_AFTERWARDS_SECONDS = 15.0, 600.0
NEW_WITHIN_DAYS = 2
LAST_RECEIPT_HOURS = 13
"""After this long past its expiry the carrier says nothing more of a copy."""
LONGEST_DAYS = 5
"""Copies are kept for a week: what is not settled by then stays as it is."""

NEVER_COUNTED = 0.0

log = structlog.get_logger(__name__)


def count() -> int:
    """Count what is due; how many broadcasts."""
    with reading() as session:
        due = [*_begun(session), *_due(session)]
    for broadcast_id in due:
        try:
            count_one(broadcast_id)
        except Exception as error:
            log.exception("not_counted", broadcast=broadcast_id, error_type=type(error).__name__)
    return len(due)


def count_one(broadcast_id: int) -> None:
    """One broadcast's slices that are due, and what all of them come to."""
    with reading() as session:
        broadcast, release = session.get_one(Broadcast, broadcast_id), session.get_one(Release, broadcast_id)
        known = list(_slices(session, broadcast_id))
        changed = _cut(session, broadcast_id, known)
        changed += _count_due(session, known, release.released_at, broadcast)
    moment = now()
    over = _is_settled(broadcast, known, moment)
    with writing() as session:
        alone(session, f"tally:{broadcast_id}")
        for one in changed:
            session.merge(one)
        session.flush()
        whole = _added_up(_slices(session, broadcast_id))
        settled_at = moment if over else None
        session.merge(Tally(broadcast_id=broadcast_id, counted_at=moment, settled_at=settled_at, counts=whole))
        if over:
            for one in _slices(session, broadcast_id):
                session.delete(one)


def _begun(session: Session) -> list[int]:
    """Released lately, and never counted."""
    new = select(Release.broadcast_id).where(
        Release.released_at > ago(days=NEW_WITHIN_DAYS), ~exists().where(Tally.broadcast_id == Release.broadcast_id)
    )
    return list(session.scalars(new.order_by(Release.released_at.desc()).limit(20)))


def _due(session: Session) -> list[int]:
    return list(session.scalars(select(TallySlice.broadcast_id).where(TallySlice.look_at <= now()).distinct()))


def _slices(session: Session, broadcast_id: int) -> Sequence[TallySlice]:
    theirs = select(TallySlice).where(TallySlice.broadcast_id == broadcast_id).order_by(TallySlice.after)
    return session.scalars(theirs).all()


def _cut(session: Session, broadcast_id: int, known: list[TallySlice]) -> list[TallySlice]:
    """The last slice ends where it is full, and another begins there. Those that are not as they were."""
    before = len(known)
    if not known:
        known += [_new(broadcast_id, slices.NOBODYS), _new(broadcast_id, 0)]
    for end in slices.ends(session, broadcast_id, known[-1].after):
        known[-1].through, known[-1].look_at = end, now()
        known.append(_new(broadcast_id, end))
    return known[max(0, before - 1) :] if len(known) > before else []


def _new(broadcast_id: int, after: int) -> TallySlice:
    return TallySlice(
        broadcast_id=broadcast_id, after=after, through=None, waiting=0, counted_at=now(), look_at=now(),
        pause_seconds=NEVER_COUNTED, counts=slices.nothing(),
    )  # fmt: skip


def _count_due(session: Session, known: list[TallySlice], since: dt.datetime, broadcast: Broadcast) -> list[TallySlice]:
    """Count those that are due and the one sending has come to, while there is time."""
    until = time.monotonic() + BUDGET_SECONDS
    front = next((one for one in known if one.waiting), known[-1])
    due = [one for one in known if one.look_at <= now() and one is not front]
    done: list[TallySlice] = []
    for one in [front, *sorted(due, key=lambda one: one.look_at)]:
        if done and time.monotonic() > until:
            break
        _count_slice(session, one, since, broadcast)
        done.append(one)
    return done


def _count_slice(session: Session, one: TallySlice, since: dt.datetime, broadcast: Broadcast) -> None:
    areas = broadcast.neighborhoods if broadcast.kind is Kind.ALERT else ()  # the history's (`reach_by_area`)
    before, one.counts = one.counts, slices.count(session, one, since, areas)
    one.waiting, one.counted_at = slices.waiting(one.counts), now()
    longest = LONGEST_PAUSE_AFTERWARDS_SECONDS if broadcast.expires_at <= now() else LONGEST_PAUSE_SECONDS
    one.pause_seconds = 1.0 if one.counts != before else min(max(1.0, one.pause_seconds * 2), longest)
    one.look_at = ahead(seconds=0.5 if one.pause_seconds <= 1.0 else one.pause_seconds)


def _is_settled(broadcast: Broadcast, known: list[TallySlice], moment: dt.datetime) -> bool:
    """Nothing can follow: planned, expired, and the last word of each copy heard or given up."""
    if broadcast.planned_at is None and broadcast.state is BroadcastState.RELEASED:
        return False
    if any(one.pause_seconds == NEVER_COUNTED for one in known):
        return False
    if moment - (broadcast.planned_at or broadcast.created_at) > dt.timedelta(days=LONGEST_DAYS):
        return True
    silent = moment - broadcast.expires_at > dt.timedelta(hours=LAST_RECEIPT_HOURS)
    return broadcast.expires_at <= moment and (silent or not any(slices.is_open(one.counts) for one in known))


def _added_up(parts: Sequence[TallySlice]) -> slices.Counts:
    copies, whole = dict[tuple[str, ...], int](), slices.nothing()
    areas: dict[str, int] = whole["areas"]
    for part in parts:
        for *key, number in part.counts["copies"]:
            copies[tuple(key)] = copies.get(tuple(key), 0) + number
        for area, number in part.counts.get("areas", {}).items():
            areas[area] = areas.get(area, 0) + number
        for name in ("handed", "delivered"):
            for group, seconds in part.counts[name].items():
                mine = whole[name].setdefault(group, {})
                for second, number in seconds.items():
                    mine[second] = mine.get(second, 0) + number
    return {**whole, "copies": [[*key, number] for key, number in sorted(copies.items())]}
