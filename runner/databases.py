"""Where do throw-away databases come from? A real SQLite file or PostgreSQL; each a copy of a pattern made once per run."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg

from runner import keeper, servers
from runner.keeper import ROOT

MIGRATE_SECONDS = 120


class Databases:
    """One per process. The server and the patterns are shared with the other processes of the run, by the folder."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._held: list[int] = []
        self._admin = ""

    def empty(self, kind: str) -> str:
        """A database without a table in it."""
        return self._create(kind)

    def fresh(self, kind: str) -> str:
        """A migrated database, copied from the run's pattern."""
        return self._create(kind, like=self._migrated(kind))

    def filled(self, kind: str, name: str, fill: Callable[[str], None]) -> str:
        """A copy of the pattern of this name. `fill` is given its address, migrated, once per run."""
        return self._create(kind, like=self._pattern(kind, name, self._migrated(kind), fill))

    def drop(self, url: str) -> None:
        """Give a database back, whoever is still connected."""
        if url.startswith("sqlite"):
            for file in self._folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                file.unlink(missing_ok=True)
        else:
            self._sql(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def close(self) -> None:
        """Let go of the server; it stops when the last process of the run does."""
        for held in self._held:
            os.close(held)

    def _create(self, kind: str, like: str = "", name: str = "") -> str:
        name = name or f"test_{uuid.uuid4().hex}"
        if kind == "sqlite":
            path = self._folder / f"{name}.sqlite3"
            if like:
                shutil.copyfile(like.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        pattern = _name(like) or "template1"
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}" STRATEGY FILE_COPY')
        return self._address().replace("@/postgres?", f"@/{name}?")

    def _migrated(self, kind: str) -> str:
        return self._pattern(kind, "pattern", "", migrate)

    def _pattern(self, kind: str, name: str, like: str, fill: Callable[[str], None]) -> str:
        made = self._folder / f"{name}-{kind}"
        with keeper.alone(self._folder / f"{name}-{kind}.lock"):
            if not made.exists():
                url = self._create(kind, like, name)
                fill(url)
                made.write_text(url)
        return made.read_text()

    def _address(self) -> str:
        if not self._admin:
            with keeper.alone(self._folder / "postgres.lock"):
                server, self._admin = servers.postgres(self._folder / "postgres", durable=self._durable)
            self._held.append(keeper.use(server))
        return self._admin

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(statement.encode())


def migrate(url: str) -> None:
    """Its tables, as the Procfile's release line makes them."""
    command = [sys.executable, "-m", "bot", "migrate"]
    settings = os.environ | {"DATABASE_URL": url}
    subprocess.run(command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, check=True, timeout=MIGRATE_SECONDS)


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
