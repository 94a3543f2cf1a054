"""A town that begins anew for each sequence, on either database."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import time_machine

from bot.console.app import make_app
from bot.store.engine import engine
from runner.databases import Databases
from tests.services.settings import Environment
from tests.truth.people import BEGINS, settle
from tests.truth.world import World, WorldMaker

MEMORY = Path("/dev/shm")
"""A disk that is none: a sequence commits a hundred times, and nothing of it has to outlive the test."""
MEMORY_MB = 50
PATTERN = f"truth{os.environ.get('PYTEST_XDIST_WORKER', '')}"
"""One for each process that runs tests: its numbers are sealed with the keys of that process."""


@pytest.fixture
def worlds(
    databases: Databases, database_kind: str, env: Environment, redis_url: str, tmp_path: Path
) -> Iterator[WorldMaker]:
    """Makes worlds: each is the town as it was before anything happened."""
    env.set(sender_segments_per_second=10_000, reply_share=0.5)
    anew = _sqlite if database_kind == "sqlite" else _postgresql
    with _fast_folder(tmp_path) as folder, time_machine.travel(BEGINS, tick=False) as clock:
        fresh = anew(databases, env, folder)
        fresh()
        app = make_app()
        app.config.update(WTF_CSRF_ENABLED=False, TESTING=True)  # the form's token has tests of its own

        def make() -> World:
            fresh()
            return World(clock, app)

        yield make
        engine().dispose()


@contextmanager
def _fast_folder(otherwise: Path) -> Iterator[Path]:
    """A folder of this test's own, in memory where there is room."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_MB * 2**20
    with tempfile.TemporaryDirectory(prefix="contigo-truth-", dir=MEMORY if roomy else otherwise) as folder:
        yield Path(folder)


def _sqlite(databases: Databases, env: Environment, folder: Path) -> Callable[[], None]:
    """One file, written over from the pattern by SQLite's own backup: connections stay open."""
    pattern = databases.filled("sqlite", PATTERN, settle).removeprefix("sqlite:///")
    place = folder / "town.sqlite3"
    env.set(database_url=f"sqlite:///{place}")

    def fresh() -> None:
        with closing(sqlite3.connect(pattern)) as source, closing(sqlite3.connect(place)) as target:
            source.backup(target)

    return fresh


def _postgresql(databases: Databases, env: Environment, folder: Path) -> Callable[[], None]:
    """A copy of the pattern each time."""
    used: list[str] = []

    def fresh() -> None:
        engine().dispose()
        for url in used:
            databases.drop(url)
        used[:] = [databases.filled("postgresql", PATTERN, settle)]
        env.set(database_url=used[0])

    return fresh
