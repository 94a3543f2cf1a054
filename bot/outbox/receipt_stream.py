"""Where do receipts wait until they are merged? In a stream of Redis: one line each, one append, and not without bound.

What is in the stream is lost with Redis; then the carrier's own list says what became of the copies (`reconcile`).
"""

import datetime as dt
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis

from bot.outbox.link import GONE, key, link
from bot.settings import settings

STREAM = "receipts"
MOST = 500_000
"""So many may wait in Redis (about 40 MB): nobody has merged for a quarter of an hour. Those after them go to the database."""
LOOK_SECONDS = 1.0
"""How often its length is asked, and for how long a Redis that was gone is left alone."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One status of one message. `delivery_id` is ours, from the callback address; `None` if it was not there."""

    delivery_id: int | None
    sid: str
    status: str
    error: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the stream; `receipt` is `None` if it cannot be read."""

    id: bytes
    receipt: Receipt | None


class _Own(threading.local):
    """A thread's own connection: half the cost of borrowing one for each of thousands."""

    url = ""
    redis: Redis


@dataclass(slots=True)
class _Gate:
    """What this process last saw of the stream. Threads may overwrite each other: it is only ever a little old."""

    open: bool = True
    look_at: float = 0.0
    url: str = ""


_own = _Own()
_gate = _Gate()


def append(receipt: Receipt) -> bool:
    """Keep it with one append; False where Redis is gone or has no room."""
    try:
        return _is_open() and bool(_redis().xadd(key(STREAM), {"r": _line(receipt)}))
    except GONE as gone:
        _close(type(gone).__name__)
        return False


def waiting(most: int) -> list[Entry]:
    """The oldest lines. Raises one of `GONE`."""
    found: Any = link().xrange(key(STREAM), count=most)
    return [Entry(id_, _receipt(fields)) for id_, fields in found]


def remove(entries: Sequence[Entry]) -> None:
    """They are merged. Raises one of `GONE`."""
    link().xdel(key(STREAM), *(entry.id for entry in entries))


def _is_open() -> bool:
    if time.monotonic() >= _gate.look_at or _gate.url != settings().redis_url:
        _gate.url, _gate.look_at = settings().redis_url, time.monotonic() + LOOK_SECONDS
        _gate.open = int(_redis().xlen(key(STREAM))) < MOST
        if not _gate.open:
            _close("full")
    return _gate.open


def _close(why: str) -> None:
    """Until the next look."""
    _gate.open, _gate.look_at = False, time.monotonic() + LOOK_SECONDS
    log.warning("receipts_go_to_the_database", why=why)


def _redis() -> Redis:
    url = settings().redis_url
    if _own.url != url:
        _own.redis = Redis(connection_pool=link().connection_pool, single_connection_client=True)
        _own.url = url
    return _own.redis


def _line(receipt: Receipt) -> str:
    return f"{receipt.delivery_id or ''} {receipt.sid} {receipt.status} {receipt.error} {receipt.at.isoformat()}"


def _receipt(fields: Any) -> Receipt | None:
    try:
        own, sid, status, error, at = fields[b"r"].decode().split(" ")
        return Receipt(int(own) if own else None, sid, status, error, dt.datetime.fromisoformat(at))
    except (LookupError, ValueError, TypeError, AttributeError):
        return None
