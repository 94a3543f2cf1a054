"""Does what ends only ever end sooner, by whatever hand? On both kinds of database."""

import datetime as dt

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.clock import ahead
from bot.outbox.models import Broadcast, Kind, Lane
from bot.store import no_later
from bot.store.engine import engine
from bot.store.migrate import migrate
from bot.store.reshaping import reshape
from bot.store.session import reading, writing

ENDS = dt.datetime(2030, 5, 4, 12, 0, tzinfo=dt.UTC)
MOVED = "UPDATE broadcast SET expires_at = :moment"


@pytest.fixture
def said(database_url: str) -> int:
    """A draft: not even its end moves away."""
    with writing() as session:
        made = Broadcast(kind=Kind.NOTICE, lane=Lane.NOTICE, created_at=ahead(minutes=0), expires_at=ENDS)
        session.add(made)
        session.flush()
        return made.id


def move(to: object) -> None:
    spelled = to.replace(tzinfo=None).isoformat(" ", "microseconds") if isinstance(to, dt.datetime) else to
    on_postgresql = engine().dialect.name == "postgresql"
    with engine().begin() as hand:
        hand.execute(text(MOVED), {"moment": to if on_postgresql else spelled})


def ends(id_: int) -> dt.datetime:
    with reading() as session:
        return session.get_one(Broadcast, id_).expires_at


@pytest.mark.parametrize("more", [dt.timedelta(microseconds=1), dt.timedelta(seconds=1), dt.timedelta(days=9)], ids=str)
def test_no_end_moves_away(said: int, more: dt.timedelta) -> None:
    with pytest.raises(IntegrityError):
        move(ENDS + more)
    assert ends(said) == ENDS


@pytest.mark.parametrize("less", [dt.timedelta(), dt.timedelta(seconds=1), dt.timedelta(days=9)], ids=str)
def test_an_end_comes_nearer_and_does_not_go_back(said: int, less: dt.timedelta) -> None:
    move(ENDS - less)
    assert ends(said) == ENDS - less
    with pytest.raises(IntegrityError):
        move(ENDS - less + dt.timedelta(seconds=1))
    assert ends(said) == ENDS - less


@pytest.mark.sqlite
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "spelled",
    [
        "2030-05-04T09:00:00",
        "2030-05-04 09:00:00-07:00",
        "soon",
        "12030-05-04 09:00:00.000000",
        "2030-05-04 1",
        b"2030",
    ],
)
def test_no_other_spelling_gets_round_it(said: int, spelled: object) -> None:
    """SQLite compares text: a T would last to the end of that day, a time zone seven hours more."""
    with pytest.raises(IntegrityError):
        move(spelled)
    assert ends(said) == ENDS


def test_each_table_has_its_trigger_and_one_that_was_taken_away_is_hung_again(database_url: str) -> None:
    wanted = {f"no_later_{table}" for table in no_later.TABLES}
    with engine().begin() as connection:
        assert no_later.hanging(connection) == wanted
        for table in no_later.TABLES:
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER no_later_{table}{on}"))
        assert no_later.hanging(connection) == set()
    migrate()
    with engine().connect() as connection:
        assert no_later.hanging(connection) == wanted


@pytest.mark.sqlite
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_migration_that_makes_the_table_anew_keeps_it(database_url: str) -> None:
    with engine().connect() as connection, Operations.context(MigrationContext.configure(connection)):
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        before = no_later.hanging(connection)
        for table in no_later.TABLES:
            reshape(table, [])
        assert no_later.hanging(connection) == before != set()
