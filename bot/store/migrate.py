"""How does a database get today's tables? Alembic, from code: no ini file, one head."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store import changed, no_later
from bot.store.engine import engine


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Bring the database at `url` (or `DATABASE_URL`) to `revision`. Safe to repeat."""
    with engine(url).connect() as connection, _parents_may_be_made_anew(connection):
        config = configuration()
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
            changed.hang(connection)
            no_later.hang(connection)
        connection.commit()


@contextmanager
def _parents_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, and would drop all that hangs on it as well.

    So its keys are let go of meanwhile, outside of any transaction as SQLite wants it, and asked afterwards.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    sqlite: Any = connection.connection.driver_connection
    sqlite.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        torn = sqlite.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.rollback()
        sqlite.execute("PRAGMA foreign_keys=ON")
    if torn:
        raise RuntimeError(f"rows without their parents after migrating: {sorted({row[0] for row in torn})}")


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def behind(url: str | None = None) -> bool:
    """Whether the database lacks a migration this code has."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head()


@cache
def head() -> str | None:
    """The newest migration there is. Looked up once: a program does not change while it runs, and to read them takes a while."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
