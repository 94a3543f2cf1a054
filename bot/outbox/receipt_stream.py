"""Where do receipts wait until they are merged? In a stream of Redis: one line each, one append, and not without bound.

Receipts that come while an append is under way leave together with the next: under load one round trip carries several. What is
in the stream is lost with Redis; then the carrier's own list says what became of the copies.
"""

import datetime as dt
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
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
class _Together:
    """Lines that leave with one append; `kept` is known once they have."""

    lines: list[str] = field(default_factory=list)
    kept: bool | None = None


class _Stream:
    """This process's way to the stream: one connection of its own, one append at a time."""

    def __init__(self) -> None:
        self._guard, self._turn = threading.Lock(), threading.Lock()
        self._next = _Together()
        self._url = ""
        self._redis: Redis | None = None
        self._open, self._look_at = True, 0.0

    def append(self, line: str) -> bool:
        """Whoever has the turn sends the lines of all who wait for theirs."""
        with self._guard:
            mine = self._next
            mine.lines.append(line)
        with self._turn:
            if mine.kept is None:
                self._send()
        return bool(mine.kept)

    def _send(self) -> None:
        with self._guard:
            leaving, self._next = self._next, _Together()
        leaving.kept = False
        try:
            if self._is_open() and self._redis:
                leaving.kept = bool(self._redis.xadd(key(STREAM), {"r": "\n".join(leaving.lines)}))
        except GONE as gone:
            self._close(type(gone).__name__)

    def _is_open(self) -> bool:
        """Whether it was there, and had room, a moment ago."""
        if settings().redis_url != self._url:
            self._url, self._redis, self._look_at = settings().redis_url, None, 0.0
        if time.monotonic() >= self._look_at:
            self._open, self._look_at = True, time.monotonic() + LOOK_SECONDS
            self._redis = self._redis or Redis(connection_pool=link().connection_pool, single_connection_client=True)
            if int(self._redis.xlen(key(STREAM))) >= MOST:
                self._close("full")
        return self._open

    def _close(self, why: str) -> None:
        """Until the next look."""
        self._open, self._look_at = False, time.monotonic() + LOOK_SECONDS
        log.warning("receipts_go_to_the_database", why=why)


_stream = _Stream()


def append(receipt: Receipt) -> bool:
    """Keep it; false where Redis is gone or has no room."""
    return _stream.append(_line(receipt))


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
