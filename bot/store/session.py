"""How does a piece of work see the database? `writing()` commits or undoes everything; `reading()` never writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from bot.store.engine import engine


@contextmanager
def writing(url: str | None = None) -> Iterator[Session]:
    """A session whose work is committed at the end, or undone by any exception."""
    with Session(_engine(url), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """A session that takes no write lock (on SQLite writers go on beside it). Nothing is committed."""
    with (
        _engine(url).connect().execution_options(reading=True) as connection,
        Session(connection, autoflush=False) as session,
    ):
        yield session


@contextmanager
def looking(url: str | None = None) -> Iterator[Connection]:
    """The same for quick questions without objects, at a third of the cost: for those who ask many times a second.

    A server's database is asked each of them by itself: without a beginning and an end there is one trip to it instead of three.
    """
    with _engine(url).connect() as connection:
        alone = {} if connection.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        yield connection.execution_options(reading=True, **alone)


def _engine(url: str | None) -> Engine:
    return engine(url) if url else engine()  # asked either way it must be one engine, and one pool


def once_committed(session: Session, act: Callable[[], object]) -> None:
    """Do `act` after this session's work is committed, and not at all if it is undone (a wake-up, a count).

    A savepoint's end is no commit, though SQLAlchemy announces it as one.
    """

    waiting = [act]

    def committed(ending: Session) -> None:
        if not ending.in_nested_transaction() and waiting:
            waiting.pop()()

    event.listen(session, "after_commit", committed)
