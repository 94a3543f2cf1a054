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
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.retry import Retry

from bot.outbox.link import ANSWER_SECONDS, CONNECT_SECONDS, GONE, key, link
from bot.settings import settings

STREAM = "receipts"
MOST = 500_000
"""So many may wait in Redis (about 40 MB): nobody has merged for a quarter of an hour. Those after them go to the database."""
LOOK_SECONDS = 1.0
"""How often its length is asked, and for how long a Redis that did not answer is left alone: it may cost a second each."""

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
    """A thread's own connection: half the cost of borrowing one from the pool, twice a thousand times a second."""

    url = ""
    redis: "Redis"


class _Seen:
    """What this process last saw of Redis. Threads may overwrite each other: it is only ever a little old."""

    url = ""
    ask_at = 0.0
    open = True


_own = _Own()
_seen = _Seen()


def append(receipt: Receipt) -> bool:
    """Keep it with one append; False where Redis is gone or has no room."""
    try:
        return _has_room() and bool(_redis().xadd(key(STREAM), {"r": _line(receipt)}))
    except GONE as gone:
        _close_for_now(gone)
        return False


def waiting(most: int) -> list[Entry]:
    """The oldest lines. Raises one of `GONE`."""
    found: Any = link().xrange(key(STREAM), count=most)
    return [Entry(id_, _receipt(fields)) for id_, fields in found]


def remove(entries: Sequence[Entry]) -> None:
    """They are merged. Raises one of `GONE`."""
    link().xdel(key(STREAM), *(entry.id for entry in entries))


def _has_room() -> bool:
    moment, url = time.monotonic(), settings().redis_url
    if moment >= _seen.ask_at or url != _seen.url:
        _seen.url, _seen.ask_at = url, moment + LOOK_SECONDS
        _seen.open = int(_redis().xlen(key(STREAM))) < MOST
    return _seen.open


def _close_for_now(gone: Exception) -> None:
    if _seen.open:
        log.warning("receipts_without_redis", error_type=type(gone).__name__)
    _seen.open, _seen.ask_at = False, time.monotonic() + LOOK_SECONDS


def _redis() -> Redis:
    url = settings().redis_url
    if _own.url != url:
        _own.redis = Redis.from_url(
            url,
            single_connection_client=True,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            # Redis may have been restarted: then this connection is dead, and a new one is not. Kept twice does no harm.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
        )
        _own.url = url
    return _own.redis


def _line(receipt: Receipt) -> str:
    return f"{receipt.delivery_id or ''} {receipt.sid} {receipt.status} {receipt.error} {receipt.at.isoformat()}"


def _receipt(fields: Any) -> Receipt | None:
    try:
        own, sid, status, error, at = fields[b"r"].decode().split(" ")
        return Receipt(int(own) if own else None, sid, status, error, dt.datetime.fromisoformat(at))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
