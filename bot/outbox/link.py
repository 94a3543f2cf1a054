"""How do we reach Redis, and what if it is gone? It carries wake-ups, rates and receipts; it may be lost at any moment.

Time-outs are short and nothing is retried: whoever asks can always go on without, from the database alone.
"""

from functools import lru_cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bot.settings import settings

GONE = (RedisError, OSError)
"""What it looks like when Redis is gone, full, or being restarted."""

CONNECT_SECONDS = 0.25
ANSWER_SECONDS = 1.0


def link() -> Redis:
    """This process's connections to `REDIS_URL`."""
    return _link(settings().redis_url)


@lru_cache(maxsize=2)
def _link(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def key(name: str) -> str:
    """A Redis key of ours."""
    return f"{settings().redis_key_prefix}{name}"
