"""What became of some thousand copies that lie next to each other? Four statements at most, however large the broadcast is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.outbox.delivery_models import Delivery, State
from bot.outbox.tallies import TallySlice
from bot.store.seconds import epoch_second
from bot.subscriptions.models import Subscription

SIZE = 2500
NOBODYS = -1
"""Copies whose contact was forgotten since."""
ARRIVED = (State.DELIVERED, State.READ)
OPEN = (State.WAITING, State.CLAIMED, State.HANDED, State.SENT)
GIVEN_UP = "unknown_at_expiry"
FINEST_SECONDS, FINE_SECONDS = 120, 1800

Counts = dict[str, Any]


def count(session: Session, one: TallySlice, since: dt.datetime, areas: Sequence[str] = ()) -> Counts:
    """`copies`: [state, failure, language, channel, how many]; `handed` and `delivered`: how many in which second since then.

    `areas`: how many it reached in each of these neighborhoods.
    """
    copies = (Delivery.state, Delivery.failure, Delivery.language, Delivery.channel)
    counted = select(*copies, func.count()).where(*_here(one)).group_by(*copies)
    return {
        "copies": sorted([str(part or "") for part in row[:4]] + [row[4]] for row in session.execute(counted)),
        "handed": _by_second(session, one, since, Delivery.handed_at, Delivery.handed_at.is_not(None)),
        "delivered": _by_second(session, one, since, Delivery.final_at, Delivery.state.in_(ARRIVED)),
        "areas": _by_area(session, one, areas),
    }


def nothing() -> Counts:
    """Of no copy."""
    return {"copies": [], "handed": {}, "delivered": {}, "areas": {}}


def waiting(counts: Counts) -> int:
    """Copies that have not left."""
    return sum(row[-1] for row in counts["copies"] if row[0] in (State.WAITING, State.CLAIMED))


def is_open(counts: Counts) -> bool:
    """Whether more may be heard of any of them."""
    return any(row[0] in OPEN or (row[0] == State.UNKNOWN and row[1] != GIVEN_UP) for row in counts["copies"])


def ends(session: Session, broadcast_id: int, after: int) -> Iterable[int]:
    """Behind which contacts a slice is full, from `after` on. Read from the key alone."""
    while True:
        full = (
            select(Delivery.contact_id)
            .where(Delivery.broadcast_id == broadcast_id, Delivery.contact_id > after)
            .order_by(Delivery.contact_id)
            .offset(SIZE - 1)
            .limit(1)
        )
        end = session.scalar(full)
        if end is None:
            return
        yield end
        after = end


def bucket(seconds: int) -> int:
    """To the second at first, then coarser: a curve needs no more."""
    seconds = max(0, seconds)
    if seconds < FINEST_SECONDS:
        return seconds
    step = 10 if seconds < FINE_SECONDS else 60
    return seconds - seconds % step


def _here(one: TallySlice) -> tuple[ColumnElement[bool], ...]:
    its = Delivery.broadcast_id == one.broadcast_id
    if one.after == NOBODYS:
        return its, Delivery.contact_id.is_(None)
    if one.through is None:
        return its, Delivery.contact_id > one.after
    return its, Delivery.contact_id > one.after, Delivery.contact_id <= one.through


def _by_second(
    session: Session, one: TallySlice, since: dt.datetime, moment: Any, which: ColumnElement[bool]
) -> dict[str, dict[str, int]]:
    """By `language channel`, then by seconds."""
    columns = (Delivery.language, Delivery.channel, epoch_second(moment))
    counted = select(*columns, func.count()).where(*_here(one), which, moment.is_not(None)).group_by(*columns)
    began, found = int(since.timestamp()), dict[str, dict[str, int]]()
    for language, channel, second, copies in session.execute(counted):
        part = found.setdefault(f"{language} {channel}", {})
        key = str(bucket(second - began))
        part[key] = part.get(key, 0) + copies
    return found


def _by_area(session: Session, one: TallySlice, areas: Sequence[str]) -> dict[str, int]:
    """Somebody who hears of two neighborhoods counts in both. Who left or was forgotten since is no longer of any."""
    if not areas or one.after == NOBODYS:
        return {}
    counted = (
        select(Subscription.subject, func.count())
        .join(Delivery, Delivery.contact_id == Subscription.contact_id)
        .where(*_here(one), Delivery.state.in_(ARRIVED), Subscription.subject.in_(sorted(areas)))
        .group_by(Subscription.subject)
    )
    return {row[0]: row[1] for row in session.execute(counted)}
