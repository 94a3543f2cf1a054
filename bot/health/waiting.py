"""What should have left, and has not? Of each lane the copy that waits longest; receipts and photos alike."""

import datetime as dt
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Channel
from bot.outbox import receipt_stream
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane
from bot.photos.models import Original
from bot.settings import settings

AT_ONCE = (Lane.PAGE, Lane.REPLY)
LOOKED_AT = 200
"""Of those that came first: most of a lane that waits for quiet hours to end is not due, the rest is soon found."""


@dataclass(frozen=True, slots=True)
class Late:
    """The copy of a lane that is due for the longest time."""

    lane: Lane
    channel: Channel
    since: dt.datetime


def late(session: Session) -> list[Late]:
    """Of each lane and channel that one, however few or many wait behind it, where it should have left by now.

    Copies of an alert to thousands wait for their turn, for as long as the pace wants it: these are late only if none before them
    has left lately. A page and an answer are meant to leave at once.
    """
    found = (_oldest(session, lane, channel) for lane in Lane for channel in Channel)
    return [one for one in found if one is not None]


def _oldest(session: Session, lane: Lane, channel: Channel) -> Late | None:
    first = (
        select(Delivery.id, Delivery.created_at, Delivery.not_before)
        .where(text("state = 'waiting'"), Delivery.channel == channel, Delivery.lane == lane)
        .order_by(Delivery.id)
        .limit(LOOKED_AT)
        .subquery()
    )
    due = select(first.c.id, first.c.created_at, first.c.not_before).where(
        or_(first.c.not_before.is_(None), first.c.not_before <= now())
    )
    rows = [(not_before or created_at, id_) for id_, created_at, not_before in session.execute(due)]
    since, id_ = min(rows, default=(now(), 0))
    if since > _long_enough() or (lane not in AT_ONCE and _moves(session, lane, channel, id_)):
        return None
    return Late(lane, channel, since)


def _moves(session: Session, lane: Lane, channel: Channel, before_id: int) -> bool:
    """Whether any of those just before this copy was handed over lately, or is in a worker's hands."""
    before = (
        select(Delivery.lane, Delivery.channel, Delivery.state, Delivery.handed_at)
        .where(Delivery.id < before_id)
        .order_by(Delivery.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    moved = or_(before.c.state == State.CLAIMED, before.c.handed_at > _long_enough())
    return (
        session.scalar(select(before.c.lane).where(before.c.lane == lane, before.c.channel == channel, moved).limit(1))
        is not None
    )


def _long_enough() -> dt.datetime:
    return ago(seconds=settings().late_seconds)


def oldest_receipt(session: Session) -> dt.datetime | None:
    """The receipt that waits longest to be merged, in Redis or in the database."""
    kept = session.scalar(select(ReceiptEntry.received_at).order_by(ReceiptEntry.id).limit(1))
    return min((moment for moment in (kept, _in_redis()) if moment), default=None)


def _in_redis() -> dt.datetime | None:
    try:
        entries = receipt_stream.waiting(1)
    except (RedisError, OSError):
        return None
    return next((receipt.at for entry in entries for receipt in entry.receipts if receipt), None)


def oldest_photo(session: Session) -> dt.datetime | None:
    """The original that is longest overdue: nobody has fetched it, or deleted it at the carrier."""
    return session.scalar(select(func.min(Original.due_at)).where(Original.due_at <= now()))
