"""Two workers are handed the same people: one stands still until its lease has run out and another has told them, then goes on.

It sends nothing of what it held, not to those who said STOP meanwhile either, and writes nothing over what the other wrote.
"""

import random
import sqlite3
from contextlib import closing

import pytest

from tests.drills.conftest import DrillStarter
from tests.drills.drill import Drill, everyone_has_one
from tests.drills.fan_out import FanOut
from tests.drills.sizes import Sizes
from tests.drills.stalls import Stalls
from tests.drills.stopping import Stopped
from tests.services.waiting import eventually

pytestmark = pytest.mark.slow

PAUSED, AT_WORK = ("bulk-1", "bulk-2", "bulk-3"), ("clock", "urgent")
STOP = 10


def test_whoever_stood_still_has_no_say_over_what_it_held(
    start_drill: DrillStarter, size: Sizes, chance: random.Random
) -> None:
    drill = start_drill(sender_segments_per_second=size.pace / 2)
    told = drill.tell(size.neighbors)
    stopped, written = Stopped(told), set[str]()
    drill.crew.start(*AT_WORK, *PAUSED)
    with Stalls(drill.carrier.address) as stalls:
        for point in sorted(chance.sample(range(int(0.5 * size.neighbors)), size.pauses)):
            drill.reaches(told, point)
            eventually(lambda: _stand_still(drill), within=30)
            stopped.by_hand(chance, STOP)
            _what_they_held_is_settled_by_another(told)
            written |= set(told.books.sids())
            for name in PAUSED:
                drill.crew.go_on(name)
        drill.settles(told)
    stopped.nobody_was_told_later(stalls)
    everyone_has_one(told, but=stopped.at)
    assert written <= set(told.books.sids())


def _stand_still(drill: Drill) -> bool:
    """All of them; but none with SQLite's one lock in its hands: there the whole machine would stand still."""
    for name in PAUSED:
        drill.crew.pause(name)
    if drill.hotline.database_url.startswith("postgresql") or _can_write(drill.hotline.database_url):
        return True
    for name in PAUSED:
        drill.crew.go_on(name)
    return False


def _can_write(url: str) -> bool:
    """Whether SQLite's lock is free, or soon is: the others hold it for milliseconds."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=1)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.rollback()
        return True


def _what_they_held_is_settled_by_another(told: FanOut) -> None:
    held = set(told.books.in_hand())
    eventually(lambda: not held & set(told.books.undecided()), within=60, saying="what the paused held stays open")
