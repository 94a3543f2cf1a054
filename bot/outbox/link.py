"""How do we reach Redis, and what if it is gone? It carries wake-ups, rates and receipts; it may be lost at any moment.

Time-outs are short and nothing is retried: whoever asks can always go on without, from the database alone. And where one asked in
vain, the whole process leaves Redis alone for a while: a Redis that hangs takes every asker's second, one after the other, and
a worker whose pace, allowance and wake-ups wait a second each holds what it claimed for too long to begin any of it.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

from bot.settings import settings

GONE = (RedisError, OSError)
"""What it looks like when Redis is gone, full, or being restarted."""

CONNECT_SECONDS = 0.25
ANSWER_SECONDS = 1.0
REST_FACTOR = 4
"""As long again, four times, as was waited in vain: of a process's time a hanging Redis gets a fifth at most."""

Answer = TypeVar("Answer")


def link() -> Redis:
    """This process's connections to `REDIS_URL`."""
    return _link(settings().redis_url)


@lru_cache(maxsize=2)
def _link(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=_OnceForAll(),
    )


class _OnceForAll(Retry):
    """redis-py asks through this for every command and every connection. Nothing is tried twice, and vain waits are shared."""

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 0)
        self._rests_until = 0.0

    def __deepcopy__(self, memo: object) -> "_OnceForAll":
        """redis-py gives each connection a copy; ours all know what one has found out."""
        return self

    def call_with_retry(self, do: Callable[[], Answer], *arguments: Any, **more: Any) -> Answer:
        began = time.monotonic()
        if began < self._rests_until:
            raise NoConnection("Redis did not answer a moment ago")
        try:
            return super().call_with_retry(do, *arguments, **more)
        except (NoConnection, NoAnswer, OSError):
            ended = time.monotonic()
            self._rests_until = ended + REST_FACTOR * (ended - began)
            raise


def key(name: str) -> str:
    """A Redis key of ours."""
    return f"{settings().redis_key_prefix}{name}"
