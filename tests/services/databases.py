"""Which database does a test run on? A real SQLite file and a real PostgreSQL, fresh for each test, migrated once per run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.databases import Databases
from runner.keeper import ROOT
from tests.services.settings import Environment

__all__ = ["ROOT", "Databases"]

KINDS = [
    pytest.param("sqlite", marks=pytest.mark.sqlite, id="sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgresql, id="postgresql"),
]


@pytest.fixture(scope="session")
def databases(services_folder: Path) -> Iterator[Databases]:
    """Makes databases of either kind, for tests that need more than one."""
    made = Databases(services_folder)
    yield made
    made.close()


@pytest.fixture(scope="session", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database runs on both kinds."""
    return str(request.param)


@pytest.fixture
def database_url(databases: Databases, database_kind: str, env: Environment) -> Iterator[str]:
    """A migrated database of this test's own, set as `DATABASE_URL`."""
    yield from _lent(databases, databases.fresh(database_kind), env)


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: str, env: Environment) -> Iterator[str]:
    """The same without a table in it: for the migrations' own tests."""
    yield from _lent(databases, databases.empty(database_kind), env)


def _lent(databases: Databases, url: str, env: Environment) -> Iterator[str]:
    env.set(database_url=url)
    yield url
    env.unset("database_url")
    databases.drop(url)
