"""How do we reach the database? One engine per process, alike on SQLite and PostgreSQL."""

import math
import sqlite3
import time
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from psycopg import Error
from psycopg.errors import IdleInTransactionSessionTimeout
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry

from bot.settings import settings
from bot.store.schema import metadata

DOES_NOT_ANSWER = (OperationalError, InterfaceError, NoConnectionFree)
"""Restarting, unreachable, locked for too long, or all connections in use: it may answer in a moment."""

POSTGRES_SETTINGS = """
SELECT set_config('idle_in_transaction_session_timeout', %s, false),
       CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END
"""
IDLE_SECONDS = 1.0
SQLITE_BUSY_MS = 15_000
LOOK_AGAIN_SECONDS = 0.0005
"""How often a waiting writer looks whether the lock is free: a text holds it for one or two milliseconds."""


@lru_cache(maxsize=4)
def engine(url: str | None = None) -> Engine:
    """The engine for `DATABASE_URL` (or the given address), made once per process and address.

    `hide_parameters` keeps numbers and texts out of error messages (docs/threat-model.md T19).
    """
    metadata()  # tables name each other across rooms: whoever works with one needs all of them known
    address = make_url(_current_scheme(url or settings().database_url))
    if address.get_backend_name() == "sqlite":
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        made = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False})
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    made = create_engine(address, hide_parameters=True, pool_size=5, max_overflow=10)
    event.listen(made, "connect", _prepare_postgres)
    event.listen(made, "checkin", _note_use)
    event.listen(made, "checkout", partial(_ping_what_lay_idle, made))
    event.listen(made, "handle_error", _first_line_only)
    event.listen(made, "handle_error", _held_up_is_cut_off, retval=True)
    return made


def _current_scheme(url: str) -> str:
    """Heroku still hands out `postgres://`, which SQLAlchemy refuses."""
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url.removeprefix(old)
    return url


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # We begin transactions ourselves: the driver would begin late, and upgrade a read lock into a deadlock.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what we said is kept outlives a power cut: a claim forgotten is a text sent twice, or a STOP lost
        f"busy_timeout={SQLITE_BUSY_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgres(connection: Any, _record: object) -> None:
    """Whoever stands still in the middle of a transaction for longer than a lease lets go of what it has locked.

    And a commit is kept, even where the server was told to be quicker than that.
    """
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES_SETTINGS, [f"{settings().lease_seconds:.0f}s"])
    connection.commit()


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping_what_lay_idle(of: Engine, connection: Any, record: ConnectionPoolEntry, _checked_out: object) -> None:
    """A server that restarted is noticed before somebody's work fails by it. What was in use just now is believed to be there:
    a worker asks often and briefly, and would be asking twice as often (SQLAlchemy's own ping knows no such patience).
    """
    if time.monotonic() - record.info.get("used_at", math.inf) < IDLE_SECONDS:
        return
    try:
        of.dialect.do_ping(connection)
    except Error:
        raise InvalidatePoolError from None


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    sqlite: Any = connection.connection.driver_connection
    sqlite.execute("PRAGMA busy_timeout=0")
    try:
        if not _took_the_lock(sqlite):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails as well, in SQLAlchemy's words
    finally:
        sqlite.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")


def _took_the_lock(sqlite: Any) -> bool:
    """Begin to write as soon as whoever writes now has ended; false when that takes too long.

    SQLite's own wait sleeps longer each time, up to 100 ms, while newcomers go ahead.
    """
    ends = time.monotonic() + SQLITE_BUSY_MS / 1000
    while True:
        try:
            sqlite.execute("BEGIN IMMEDIATE")
            return True
        except sqlite3.OperationalError as held:
            if held.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                return False
        time.sleep(LOOK_AGAIN_SECONDS)


def _held_up_is_cut_off(context: ExceptionContext) -> OperationalError | None:
    """Told after we stood still in the middle of a transaction: the connection is gone, and what we did in it was undone."""
    if not isinstance(context.original_exception, IdleInTransactionSessionTimeout):
        return None
    context.is_disconnect = True
    return OperationalError(context.statement, None, context.original_exception, hide_parameters=True)


def _first_line_only(context: ExceptionContext) -> None:
    """PostgreSQL's DETAIL line repeats the values of a row (`Key (tag)=(...)`); errors must hold none (T19)."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])
