"""What did the carrier say became of a copy? Kept by one append to Redis, merged into the database in bulk, by rank.

Receipts come late, twice, out of order, and sometimes before we have written down that the copy left. So none lowers what is
known, each is found by its sid or by our own id in the callback address, and merging one twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox import receipt_stream
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.link import GONE
from bot.outbox.merging import CHUNK, merge_all
from bot.outbox.receipt_stream import Entry, Receipt
from bot.outbox.together import Together
from bot.store.session import reading, writing

DATABASE_GONE = (OperationalError, InterfaceError, NoConnection)
"""Nothing is wrong with the receipts: they are merged when it is back. Any other error is a mistake of ours."""

ENTRIES = 250
"""Read at once: of one receipt each, or of several where many came together."""

_ENTRY: Any = ReceiptEntry.__table__
log = structlog.get_logger(__name__)


def note(fields: Mapping[str, Any]) -> None:
    """Keep a receipt (`delivery_id` from the address, `sid`, `status`, `error`). Raises only if neither can keep it."""
    _kept.bring(Receipt(fields["delivery_id"], fields["sid"], fields["status"], fields["error"] or "", now()))


def _keep(receipts: Sequence[Receipt]) -> None:
    if not receipt_stream.append(receipts):
        with writing() as session:
            session.connection().execute(insert(_ENTRY), [_row(receipt) for receipt in receipts])


_kept = Together(_keep)  # under load one round trip carries several; without Redis, one turn at SQLite's lock


def merge(limit: int = 5000) -> int:
    """Merge some `limit` receipts of each place; how many. Two at once, or one twice, do no harm."""
    return _until(limit, _merge_redis) + _until(limit, _merge_database)


def _until(limit: int, merge_some: Callable[[], tuple[int, bool]]) -> int:
    """In pieces, with the database let go in between: texts that come in and copies that leave have their turn."""
    merged, is_more = 0, True
    while is_more and merged < limit:
        some, is_more = merge_some()
        merged += some
    return merged


def _merge_redis() -> tuple[int, bool]:
    """How many, and whether to go on."""
    try:
        entries = receipt_stream.waiting(ENTRIES)
    except GONE:
        return 0, False
    said = [receipt for entry in entries for receipt in entry.receipts]
    readable = [receipt for receipt in said if receipt]
    if len(readable) < len(said):
        log.error("receipts_unreadable", count=len(said) - len(readable))
    for start in range(0, len(readable), CHUNK):
        _merge(readable[start : start + CHUNK])
    return len(said), _remove(entries) and len(entries) == ENTRIES


def _remove(entries: Sequence[Entry]) -> bool:
    try:
        if entries:
            receipt_stream.remove(entries)
        return True
    except GONE as gone:  # they are merged again next time, which changes nothing
        log.warning("receipts_not_removed", error_type=type(gone).__name__)
        return False


def _merge_database() -> tuple[int, bool]:
    with reading() as session:
        entries = session.scalars(select(ReceiptEntry).order_by(ReceiptEntry.id).limit(CHUNK)).all()
    if entries:
        kept = [Receipt(row.delivery_id, row.sid, row.status, row.error or "", row.received_at) for row in entries]
        ids = [row.id for row in entries]
        _merge(kept, lambda session: session.execute(delete(ReceiptEntry).where(ReceiptEntry.id.in_(ids))))
    return len(entries), len(entries) == CHUNK


def _merge(said: Sequence[Receipt], then: Callable[[Session], object] = lambda _: None) -> None:
    """All of it in one transaction with `then`; one by one if a single one cannot be merged, so that it holds up no other."""
    try:
        with writing() as session:
            merge_all(session, said)
            then(session)
    except DATABASE_GONE:
        raise
    except Exception as error:
        log.exception("receipts_not_merged", count=len(said), error_type=type(error).__name__)
        _merge_singly(said)
        with writing() as session:
            then(session)


def _merge_singly(said: Sequence[Receipt]) -> None:
    for receipt in said:
        try:
            with writing() as session:
                merge_all(session, [receipt])
        except DATABASE_GONE:
            raise
        except Exception as error:
            log.exception("receipt_not_merged", delivery=receipt.delivery_id, error_type=type(error).__name__)


def _row(receipt: Receipt) -> dict[str, Any]:
    return {
        "delivery_id": receipt.delivery_id,
        "sid": receipt.sid,
        "status": receipt.status,
        "error": receipt.error or None,
        "received_at": receipt.at,
    }
