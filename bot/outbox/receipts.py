"""What did the carrier say became of a copy? Kept by one append to Redis, merged into the database in bulk, by rank.

Receipts come late, twice, out of order, and sometimes before we have written down that the copy left. So none lowers what is
known, each is found by its sid or by our own id in the callback address, and merging one twice changes nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox.link import GONE, key, link
from bot.outbox.merging import merge_all
from bot.outbox.models import ReceiptEntry
from bot.store.session import reading, writing

STREAM = "receipts"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One status of one message. `delivery_id` is ours, from the callback address; `None` if it was not there."""

    delivery_id: int | None
    sid: str
    status: str
    error: str
    at: dt.datetime


def note(fields: Mapping[str, Any]) -> None:
    """Keep a receipt (`delivery_id` from the address, `sid`, `status`, `error`). Raises only if neither can keep it."""
    receipt = Receipt(fields["delivery_id"], fields["sid"], fields["status"], fields["error"] or "", now())
    try:
        link().xadd(key(STREAM), _flat(receipt))
    except GONE:
        with writing() as session:
            session.add(_entry(receipt))


def merge(limit: int = 5000) -> int:
    """Merge up to `limit` receipts; how many. Two at once, or one twice, do no harm."""
    return _merge_redis(limit) + _merge_database(limit)


def _merge_redis(limit: int) -> int:
    try:
        entries: Any = link().xrange(key(STREAM), count=limit)
    except GONE:
        return 0
    if not entries:
        return 0
    with writing() as session:
        merge_all(session, [_unflat(fields) for _, fields in entries])
    try:
        link().xdel(key(STREAM), *(id_ for id_, _ in entries))
    except GONE as gone:  # they are merged again next time, which changes nothing
        log.warning("receipts_not_removed", error_type=type(gone).__name__)
    return len(entries)


def _merge_database(limit: int) -> int:
    with reading() as session:
        if session.scalar(select(ReceiptEntry.id).limit(1)) is None:
            return 0
    with writing() as session:
        return _merge_entries(session, limit)


def _merge_entries(session: Session, limit: int) -> int:
    entries = session.scalars(select(ReceiptEntry).order_by(ReceiptEntry.id).limit(limit)).all()
    merge_all(
        session,
        [Receipt(row.delivery_id, row.sid, row.status, row.error or "", row.received_at) for row in entries],
    )
    session.execute(delete(ReceiptEntry).where(ReceiptEntry.id.in_([row.id for row in entries])))
    return len(entries)


def _entry(receipt: Receipt) -> ReceiptEntry:
    return ReceiptEntry(
        delivery_id=receipt.delivery_id,
        sid=receipt.sid,
        status=receipt.status,
        error=receipt.error or None,
        received_at=receipt.at,
    )


def _flat(receipt: Receipt) -> dict[Any, Any]:
    return {
        "d": str(receipt.delivery_id or ""),
        "sid": receipt.sid,
        "status": receipt.status,
        "error": receipt.error,
        "at": receipt.at.isoformat(),
    }


def _unflat(fields: Mapping[bytes, bytes]) -> Receipt:
    said = {name.decode(): value.decode() for name, value in fields.items()}
    return Receipt(
        int(said["d"]) if said["d"] else None,
        said["sid"],
        said["status"],
        said["error"],
        dt.datetime.fromisoformat(said["at"]),
    )
