"""What the carrier's own list says of our copies: merged by the same door as its receipts, many at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.channels.carrier_log import Logged
from bot.outbox.merging import CHUNK, merge_all
from bot.store.session import writing

DATABASE_GONE = (OperationalError, InterfaceError)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the list, as `merging` reads it: of this copy of ours."""

    delivery_id: int
    sid: str
    status: str
    error: str
    at: dt.datetime


def found(delivery_id: int, row: Logged) -> Found:
    return Found(delivery_id, row.sid, row.status, row.error, row.updated_at or row.sent_at or row.created_at)


def merge_found(rows: Sequence[Found]) -> None:
    """In short transactions. One that cannot be merged keeps none of the others."""
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        try:
            _merge(some)
        except DATABASE_GONE:
            raise
        except Exception as error:
            log.exception("found_not_merged", count=len(some), error_type=type(error).__name__)
            _merge_singly(some)


def _merge_singly(rows: Sequence[Found]) -> None:
    for row in rows:
        try:
            _merge([row])
        except DATABASE_GONE:
            raise
        except Exception as error:
            log.exception("found_not_merged", delivery=row.delivery_id, error_type=type(error).__name__)


def _merge(rows: Sequence[Found]) -> None:
    with writing() as session:
        merge_all(session, rows)
