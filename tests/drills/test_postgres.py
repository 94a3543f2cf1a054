"""PostgreSQL is stopped in the middle, gently or not, and started again: it forgets no claim, and nobody is told twice."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner import servers
from runner.databases import migrate
from tests.drills.breakable import Breakable
from tests.drills.conftest import DrillStarter
from tests.drills.drill import everyone_has_one
from tests.drills.sizes import Sizes

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""PostgreSQL's own words for two ways to stop: hang up on everybody; or as if its processes had been killed."""
KEEPS_WHAT_IT_COMMITS = ("-c", "synchronous_commit=on")
"""The tests' servers do not, for speed; a claim that is forgotten is a text sent twice."""


@pytest.fixture
def postgres(services_folder: Path) -> Iterator[tuple[Breakable, str]]:
    """A PostgreSQL of this drill's own, with today's tables, and its address."""
    server, url = servers.postgres(services_folder / f"postgres-{time.monotonic_ns()}")
    running = Breakable(server, *KEEPS_WHAT_IT_COMMITS)
    try:
        migrate(url)
        yield running, url
    finally:
        running.close()


def test_stopped_and_started_again_in_the_middle(
    start_drill_on: DrillStarter, postgres: tuple[Breakable, str], size: Sizes, chance: random.Random
) -> None:
    server, url = postgres
    drill = start_drill_on("sqlite", database_url=url)
    told = drill.tell(size.neighbors)
    drill.crew.start(*CREW)
    for point in sorted(chance.sample(range(int(0.9 * size.neighbors)), size.restarts)):
        drill.reaches(told, point)
        server.end(chance.choice([FAST, IMMEDIATE]))
        if chance.random() < 0.5:  # what it had sent and could not write down is gone with it
            drill.crew.kill("bulk-1")
            drill.crew.start("bulk-1")
        server.start()
    drill.settles(told)
    everyone_has_one(told)
