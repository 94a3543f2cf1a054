"""Work is kept whole or not at all; reading waits for nobody; what should follow a commit follows only a commit."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from bot.clock import now
from bot.people.models import InvitationLine
from bot.store.engine import engine
from bot.store.session import once_committed, reading, writing
from tests.services.databases import Databases
from tests.services.settings import Environment


def _line(name: str) -> InvitationLine:
    return InvitationLine(name=name, created_at=now())


def _count() -> int | None:
    with reading() as session:
        return session.scalar(select(func.count(InvitationLine.id)))


def test_an_error_undoes_everything_and_wakes_nobody(database_url: str) -> None:
    woken: list[str] = []
    with pytest.raises(RuntimeError), writing() as session:
        session.add(_line("norte"))
        once_committed(session, lambda: woken.append("worker"))
        raise RuntimeError("midway")
    assert _count() == 0
    assert woken == []


def test_a_commit_wakes_once(database_url: str) -> None:
    woken: list[str] = []
    with writing() as session:
        session.add(_line("norte"))
        once_committed(session, lambda: woken.append("worker"))
        assert woken == []
    assert woken == ["worker"]


def test_a_savepoint_wakes_nobody_until_the_whole_is_kept(database_url: str) -> None:
    woken: list[str] = []
    with writing() as session:
        once_committed(session, lambda: woken.append("worker"))
        with session.begin_nested():
            session.add(_line("norte"))
        assert woken == []
    assert woken == ["worker"]


def test_a_reader_goes_on_while_a_writer_holds_the_lock(database_url: str) -> None:
    with writing() as session:
        session.add(_line("norte"))
        session.flush()
        seen: list[int | None] = []
        reader = threading.Thread(target=lambda: seen.append(_count()))
        reader.start()
        reader.join(10)
        assert seen == [0]


def test_a_writer_waits_for_the_one_before_and_sees_what_it_did(database_url: str) -> None:
    seen: list[int | None] = []

    def second() -> None:
        with writing() as session:
            session.execute(text("UPDATE invitation_line SET created_at = created_at"))
            seen.append(session.scalar(select(func.count(InvitationLine.id))))

    with writing() as session:
        session.add(_line("norte"))
        session.flush()
        waits = threading.Thread(target=second)
        waits.start()
        assert seen == []
    waits.join(30)
    assert seen == [1]


@pytest.mark.sqlite
def test_a_lock_that_does_not_come_free_is_an_error_of_the_database(
    databases: Databases, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.set(database_url=databases.fresh("sqlite"))
    with writing() as session:
        session.add(_line("norte"))
        session.flush()
        with monkeypatch.context() as hurried, pytest.raises(OperationalError, match="locked"):
            hurried.setattr("bot.store.engine.SQLITE_BUSY_MS", 20)
            with writing() as another:
                another.connection()
    with writing() as session:
        session.add(_line("sur"))
    assert _count() == 2


def test_a_moment_comes_back_aware_and_a_naive_one_is_refused(database_url: str) -> None:
    moment = dt.datetime(2026, 11, 22, 6, 8, tzinfo=dt.timezone(dt.timedelta(hours=-8)))
    with writing() as session:
        session.add(InvitationLine(name="norte", created_at=moment))
    with reading() as session:
        kept = session.scalars(select(InvitationLine.created_at)).one()
    assert kept == moment
    assert kept.tzinfo is dt.UTC
    with pytest.raises((StatementError, ValueError)), writing() as session:
        session.add(InvitationLine(name="sur", created_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.threat("T19")
def test_a_database_error_does_not_repeat_what_was_being_written(database_url: str) -> None:
    with pytest.raises(IntegrityError) as refused, engine().begin() as connection:
        for _ in range(2):
            connection.execute(
                text("INSERT INTO invitation_line (name, created_at) VALUES (:name, :at)"),
                {"name": "+13235550101", "at": "2026-01-01 00:00:00+00:00"},
            )
    assert "+13235550101" not in str(refused.value) + repr(refused.value.orig)


def test_what_is_committed_outlives_a_power_cut(database_url: str) -> None:
    """The tests' PostgreSQL is told to be quicker than that; we are not."""
    asked, safe = ("PRAGMA synchronous", 2) if database_url.startswith("sqlite") else ("SHOW synchronous_commit", "on")
    with reading() as session:
        assert session.scalar(text(asked)) == safe


def test_whoever_stands_still_in_a_transaction_lets_go_of_it_when_its_lease_is_over(
    databases: Databases, env: Environment
) -> None:
    """SQLite has one writer, on the same machine: there everybody stands still with it."""
    env.set(database_url=databases.fresh("postgresql"), lease_seconds=1)
    with writing() as session:
        session.add(_line("norte"))
    with pytest.raises(OperationalError), writing() as paused:
        paused.execute(update(InvitationLine).values(name="sur"))
        with writing() as other:
            other.execute(update(InvitationLine).values(name="este"))
    with reading() as session:
        assert session.scalars(select(InvitationLine.name)).all() == ["este"]
