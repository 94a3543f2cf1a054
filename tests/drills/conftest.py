"""Where does a drill take place? A hotline of its own, whose processes are started, killed and counted by the drill."""

import faulthandler
import os
import random
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.drills.crew import Crew
from tests.drills.drill import Drill
from tests.drills.nursery import Nursery
from tests.drills.sizes import CI, LIST_LAG_SECONDS, QUICK, SEED, Sizes, sizes
from tests.services.carrier import NUMBER
from tests.services.settings import Environment
from tests.services.system import HotlineStarter

CROWD = ("--beyond-fiction", "on", "--keep", "1000000")
"""The carrier remembers everybody of the long form, and takes more numbers than there are fictional ones."""
CARRIER_PACE = 10_000
"""The carrier's own queue is not what is tried here."""


LONGEST_SECONDS = 900
"""A drill may take longer than other tests; it is still cut off, with every thread's place, rather than hang for ever."""


@pytest.fixture(autouse=True)
def longest() -> None:
    """pytest takes its own alarm back when the test is over, and this one with it."""
    seconds = LONGEST_SECONDS if sizes() is CI else 10 * LONGEST_SECONDS
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)


@pytest.fixture
def size() -> Sizes:
    """CI's, or the nightly one."""
    return sizes()


@pytest.fixture
def chance() -> random.Random:
    """The drill's dice. Their seed stands in the output of a drill that fails."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(1_000_000))
    print(f"{SEED}={seed}")  # noqa: T201
    return random.Random(seed)


DrillStarter = Callable[..., Drill]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for all drills of this test process."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def start_drill_on(
    start_hotline: HotlineStarter, nursery: Nursery, env: Environment, size: Sizes
) -> Iterator[DrillStarter]:
    """Starts drills: `start_drill_on("sqlite", redis_url=...)`. No process of the hotline runs yet."""
    crews: list[Crew] = []

    def start(kind: str, **settings: object) -> Drill:
        stated = {"sender_segments_per_second": size.pace, **QUICK, **settings}
        hotline = start_hotline(kind, only=(), carrier=CROWD, **stated)
        env.set(database_url=hotline.database_url, redis_url=hotline.redis_url, **QUICK)
        hotline.simulator.live(list_lag_seconds=LIST_LAG_SECONDS, rates={NUMBER: CARRIER_PACE})
        crews.append(Crew(hotline, nursery))
        return Drill(hotline, crews[-1])

    yield start
    for crew in crews:
        crew.close()


@pytest.fixture
def start_drill(start_drill_on: DrillStarter, database_kind: str) -> DrillStarter:
    """The same, on this test's kind of database."""
    return partial(start_drill_on, database_kind)


@pytest.fixture
def drill(start_drill: DrillStarter) -> Drill:
    """One on this test's database, with nothing out of the ordinary."""
    return start_drill()
