"""Does a server that restarted cost anybody's work, and what is a brief question to it?"""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot.store import engine as engines
from bot.store.engine import engine
from bot.store.session import looking, reading
from tests.services.databases import Databases
from tests.services.settings import Environment

END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(autouse=True)
def server(databases: Databases, env: Environment) -> None:
    env.set(database_url=databases.fresh("postgresql"))


def _ended_by_the_server() -> None:
    """As a restart ends them: two connections lie in the pool, and both are gone."""
    with engine().connect() as one, engine().connect() as two:
        assert one.scalar(text("SELECT 1")) == two.scalar(text("SELECT 1")) == 1
    other = create_engine(engine().url)
    with other.begin() as connection:
        connection.execute(text(END_ALL))
    other.dispose()


def test_a_connection_that_lay_idle_is_tried_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    _ended_by_the_server()
    for _ in range(3):
        with reading() as session:
            assert session.scalar(text("SELECT 2")) == 2


def test_of_all_that_were_ended_a_moment_ago_one_fails_and_no_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 60.0)
    _ended_by_the_server()
    with pytest.raises(OperationalError), reading() as session:
        session.scalar(text("SELECT 1"))
    with engine().connect() as one, engine().connect() as two:
        assert one.scalar(text("SELECT 1")) == two.scalar(text("SELECT 1")) == 1


def test_what_is_in_use_is_not_tried_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pings: list[object] = []
    monkeypatch.setattr(engine().dialect, "do_ping", pings.append)
    monkeypatch.setattr(engines, "IDLE_SECONDS", 60.0)
    for _ in range(3):
        with reading() as session:
            session.scalar(text("SELECT 1"))
    assert not pings
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    with reading() as session:
        session.scalar(text("SELECT 1"))
    assert len(pings) == 1


def test_who_only_looks_leaves_no_transaction_open_and_the_next_has_one() -> None:
    with looking() as connection:
        connection.scalar(text("SELECT 1"))
        assert not connection.connection.driver_connection.info.transaction_status  # type: ignore[union-attr]
    with reading() as session:
        session.scalar(text("SELECT 1"))
        driver = session.connection().connection.driver_connection
        assert driver is not None
        assert driver.info.transaction_status
