"""Where do receipts wait until they are merged? In a stream of Redis, one line each, and not without bound.

What is in it is lost with Redis; then the carrier's own list says what became of the copies.
"""

import datetime as dt
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
    """What one append wrote; `None` for each line that cannot be read."""

    id: bytes
    receipts: list[Receipt | None]


@dataclass(slots=True)
class _Gate:
    """What this process last saw of the stream, over a connection of its own."""

    url: str = ""
    redis: Redis | None = None
    open: bool = True
    look_at: float = 0.0


_gate = _Gate()


def append(receipts: Sequence[Receipt]) -> bool:
    """Keep them with one append; false where Redis is gone or has no room. For one thread at a time."""
    try:
        if not _is_open() or _gate.redis is None:
            return False
        return bool(_gate.redis.xadd(key(STREAM), {"r": "\n".join(map(_line, receipts))}))
    except GONE as gone:
        _close(type(gone).__name__)
        return False


def _is_open() -> bool:
    """Whether it was there, and had room, a moment ago."""
    if settings().redis_url != _gate.url:
        _gate.url, _gate.redis, _gate.look_at = settings().redis_url, None, 0.0
    if time.monotonic() >= _gate.look_at:
        _gate.open, _gate.look_at = True, time.monotonic() + LOOK_SECONDS
        _gate.redis = _gate.redis or Redis(connection_pool=link().connection_pool, single_connection_client=True)
        if int(_gate.redis.xlen(key(STREAM))) >= MOST:
            _close("full")
    return _gate.open


def _close(why: str) -> None:
    """Until the next look."""
    _gate.open, _gate.look_at = False, time.monotonic() + LOOK_SECONDS
    log.warning("receipts_go_to_the_database", why=why)


def waiting(most: int) -> list[Entry]:
    """What was written first. Raises one of `GONE`."""
    found: Any = link().xrange(key(STREAM), count=most)
    return [Entry(id_, _receipts(fields)) for id_, fields in found]


def remove(entries: Sequence[Entry]) -> None:
    """They are merged. Raises one of `GONE`."""
    link().xdel(key(STREAM), *(entry.id for entry in entries))


def _line(receipt: Receipt) -> str:
    return f"{receipt.delivery_id or ''} {receipt.sid} {receipt.status} {receipt.error} {receipt.at.isoformat()}"


def _receipts(fields: Any) -> list[Receipt | None]:
    try:
        return [_receipt(line) for line in fields[b"r"].decode().split("\n")]
    except (LookupError, ValueError, TypeError):
        return [None]


def _receipt(line: str) -> Receipt | None:
    try:
        own, sid, status, error, at = line.split(" ")
        return Receipt(int(own) if own else None, sid, status, error, dt.datetime.fromisoformat(at))
    except ValueError:
        return None
