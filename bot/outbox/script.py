"""How is one script of ours asked a hundred times a second? Over a connection that stays in hand between two questions.

redis-py's client borrows one from its pool for each command, looks whether it is still good, keeps statistics and gives it back:
half of what a question costs the asker, and a slow sender's message is one question. Here it is looked at only after it lay idle.
Every rule of `link` holds for it as well: short time-outs, nothing twice, vain waits shared.
"""

import time
from collections.abc import Sequence
from typing import Any

from redis import ConnectionPool
from redis.exceptions import NoScriptError, ResponseError

from bot.outbox.link import GONE, link

IDLE_SECONDS = 0.1
"""Whoever closed a connection did so while nobody used it, nearly always; one that was used just now is not looked at."""


class Script:
    """A Lua script, asked by any number of threads; each question has a connection of its own."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sha: str = link().register_script(text).sha
        self._pool: ConnectionPool | None = None
        self._spare: list[tuple[Any, float]] = []

    def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """What it returns. Raises one of `link.GONE`."""
        connection = self._connection()
        try:
            said = connection.retry.call_with_retry(lambda: self._ask(connection, len(keys), *keys, *args), _let_be)
        except ResponseError:
            self._keep(connection)  # it has been read to its end
            raise
        except BaseException:
            connection.disconnect()  # an answer may still be on its way: nobody else must read it as theirs
            self._keep(connection)
            raise
        self._keep(connection)
        return said

    def _ask(self, connection: Any, *given: Any) -> Any:
        connection.send_command("EVALSHA", self._sha, *given)
        try:
            return connection.read_response()
        except NoScriptError:  # a Redis that has not heard of it yet, or has lost its memory
            connection.send_command("EVAL", self._text, *given)
            return connection.read_response()

    def _connection(self) -> Any:
        pool = link().connection_pool
        if pool is not self._pool:
            self._pool, self._spare = pool, []
        try:
            connection, used_at = self._spare.pop()
        except IndexError:
            return pool.get_connection()
        if time.monotonic() - used_at > IDLE_SECONDS and _is_stale(connection):
            connection.disconnect()  # connects again by itself as it is asked
        return connection

    def _keep(self, connection: Any) -> None:
        self._spare.append((connection, time.monotonic()))


def _let_be(_error: Exception) -> None:
    """What is to be done with the connection is done in one place, for every error."""


def _is_stale(connection: Any) -> bool:
    """Closed by the other end, or with something to say that nobody asked for."""
    try:
        return bool(connection.can_read())
    except GONE:
        return True
