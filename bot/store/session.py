"""How does a piece of work see the database? `writing()` commits or undoes everything; `reading()` never writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from bot.store.engine import engine, wait_for_the_disk


@contextmanager
def writing(url: str | None = None, *, safe: bool = True) -> Iterator[Session]:
    """A session whose work is committed at the end, or undone by any exception.

    Nothing more can undo it once this is over. `safe=False`: only once the caller has come back from `on_disk()`.
    """
    with Session(_engine(url), expire_on_commit=False) as session, session.begin():
        yield session
    if safe:
        on_disk(url)


def on_disk(url: str | None = None) -> None:
    """Wait until all that was committed outlives a power cut."""
    wait_for_the_disk(_engine(url))


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

    Each question by itself: so PostgreSQL sees them anyway, and without BEGIN and ROLLBACK they are half the way.
    """
    of = _engine(url)
    by_itself = {} if of.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    with of.connect().execution_options(reading=True, **by_itself) as connection:
        yield connection


@contextmanager
def glancing(url: str | None = None) -> Iterator[Session]:
    """Quick questions with objects."""
    with looking(url) as connection, Session(connection, autoflush=False) as session:
        yield session


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
