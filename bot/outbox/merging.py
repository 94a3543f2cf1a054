"""How does what the carrier says change a copy? By rank: what is known is never lowered, whatever order it is heard in."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.channels.failures import failure
from bot.outbox.models import Delivery, State
from bot.outbox.settling import settle

MEANS = {
    "accepted": State.HANDED,
    "scheduled": State.HANDED,
    "queued": State.HANDED,
    "sending": State.HANDED,
    "sent": State.SENT,
    "failed": State.FAILED,
    "undelivered": State.FAILED,
    "canceled": State.FAILED,
    "delivered": State.DELIVERED,
    "read": State.READ,
}
"""Twilio's statuses (facts/twilio.md section 3). Others are ignored."""

RANK = {
    State.WAITING: 0,
    State.CLAIMED: 0,
    State.UNKNOWN: 0,
    State.HANDED: 1,
    State.SENT: 2,
    State.FAILED: 3,
    State.DELIVERED: 4,
    State.READ: 5,
}
"""A failure outranks `sent`, and a phone that has it outranks a failure. What was dropped has none: a receipt knows better."""

FINAL = (State.FAILED, State.DELIVERED, State.READ)
CHUNK = 500

log = structlog.get_logger(__name__)


class Said(Protocol):
    """A receipt, or a row of the carrier's own list."""

    @property
    def delivery_id(self) -> int | None: ...
    @property
    def sid(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def error(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


def merge_all(session: Session, said: Sequence[Said]) -> None:
    """Merge all of it. In each chunk the best news comes first: a phone that has it makes a failure moot."""
    for start in range(0, len(said), CHUNK):
        _merge_chunk(session, said[start : start + CHUNK])


def _merge_chunk(session: Session, said: Sequence[Said]) -> None:
    known = [receipt for receipt in said if receipt.status in MEANS]
    by_id, by_sid = _find(session, known)
    strangers = 0
    for receipt in sorted(known, key=lambda receipt: RANK[MEANS[receipt.status]], reverse=True):
        delivery = by_sid.get(receipt.sid) or by_id.get(receipt.delivery_id or 0)
        if delivery is None:
            strangers += 1
        elif _concerns(delivery, receipt):
            _merge(session, delivery, receipt)
    if strangers:
        log.info("receipts_of_strangers", count=strangers)


def _find(session: Session, said: Iterable[Said]) -> tuple[dict[int, Delivery], dict[str, Delivery]]:
    """The copies meant, by our id and by the carrier's, locked in order of id."""
    sids = {receipt.sid for receipt in said}
    ids = {receipt.delivery_id for receipt in said if receipt.delivery_id}
    rows = session.scalars(
        select(Delivery)
        .where(or_(Delivery.sid.in_(sids), Delivery.id.in_(ids)))
        .order_by(Delivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {row.id: row for row in rows}, {row.sid: row for row in rows if row.sid}


def _concerns(delivery: Delivery, receipt: Said) -> bool:
    """Whether it speaks of the copy as it is now.

    A failed copy that waits for its next try keeps the old sid: the old one's receipts say nothing of the next, except that the
    phone has it after all. A copy that was found absent and waits has no sid: then a receipt says that it was not.
    """
    if delivery.sid is None:
        return True
    if delivery.sid == receipt.sid:
        return RANK.get(delivery.state, 0) > 0 or RANK[MEANS[receipt.status]] > RANK[State.FAILED]
    return delivery.state in (State.CLAIMED, State.UNKNOWN)


def _merge(session: Session, delivery: Delivery, receipt: Said) -> None:
    state = MEANS[receipt.status]
    delivery.sid = receipt.sid
    delivery.handed_at = delivery.handed_at or receipt.at
    delivery.lease_until = None
    if state is State.FAILED and RANK.get(delivery.state, 0) < RANK[State.FAILED]:
        _fail(session, delivery, receipt)
    elif RANK[state] > RANK.get(delivery.state, 0):
        delivery.state = state
        delivery.failure = None
        delivery.final_at = receipt.at if state in FINAL else None


def _fail(session: Session, delivery: Delivery, receipt: Said) -> None:
    """The carrier took it and gave up."""
    delivery.state = State.SENT
    settle(session, delivery, failure(receipt.error))
