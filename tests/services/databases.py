"""Where does a test's database come from? A real SQLite file or a real PostgreSQL, fresh for each test, migrated once per run."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from runner import keeper, servers
from tests.services.settings import Environment

ROOT = Path(__file__).parent.parent.parent
KINDS = [
    pytest.param("sqlite", marks=pytest.mark.sqlite, id="sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgresql, id="postgresql"),
]


class Databases:
    """One per test process. The server and the migrated patterns are shared with the other processes of the run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[int] = []
        self._admin = ""

    def empty(self, kind: str) -> str:
        """A database without a table in it."""
        return self._create(kind, pattern="")

    def fresh(self, kind: str) -> str:
        """A migrated database, copied from the run's pattern."""
        return self._create(kind, pattern=self._pattern(kind))

    def drop(self, url: str) -> None:
        """Give a database back, whoever is still connected."""
        if url.startswith("sqlite"):
            for file in self._folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                file.unlink(missing_ok=True)
        else:
            self._sql(f"DROP DATABASE IF EXISTS {url.partition('@/')[2].partition('?')[0]} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server; it stops when the last process of the run does."""
        for held in self._held:
            os.close(held)

    def _create(self, kind: str, pattern: str, name: str = "") -> str:
        name = name or f"test_{uuid.uuid4().hex}"
        if kind == "sqlite":
            path = self._folder / f"{name}.sqlite3"
            if pattern:
                shutil.copyfile(pattern.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        like = pattern.partition("@/")[2].partition("?")[0] or "template1"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        return self._address().replace("@/postgres?", f"@/{name}?")

    def _pattern(self, kind: str) -> str:
        """The migrated database all others are copies of: made by `python -m bot migrate`, once per run."""
        made = self._folder / f"pattern-{kind}"
        with keeper.alone(self._folder / f"pattern-{kind}.lock"):
            if not made.exists():
                url = self._create(kind, pattern="", name="pattern")
                environment = os.environ | {"DATABASE_URL": url}
                subprocess.run(
                    [sys.executable, "-m", "bot", "migrate"],
                    env=environment,
                    cwd=ROOT,
                    check=True,
                    timeout=120,
                )
                made.write_text(url)
        return made.read_text()

    def _address(self) -> str:
        if not self._admin:
            with keeper.alone(self._folder / "postgres.lock"):
                server, self._admin = servers.postgres(self._folder / "postgres")
            self._held.append(keeper.use(server))
        return self._admin

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(statement.encode())


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
