"""Two workers are handed the same people: one stands still until its lease has run out and another has told them, then goes on.

It sends nothing of what it held, not to those who said STOP meanwhile either, and writes nothing over what the other wrote.
"""

import random

import pytest

from tests.drills.conftest import DrillStarter
from tests.drills.drill import Drill, everyone_has_one
from tests.drills.fan_out import FanOut
from tests.drills.sizes import Sizes
from tests.services.waiting import eventually

pytestmark = pytest.mark.slow

PAUSED, AT_WORK = ("bulk-1", "bulk-2", "bulk-3"), ("clock", "urgent")


def test_whoever_stood_still_has_no_say_over_what_it_held(
    start_drill: DrillStarter, size: Sizes, chance: random.Random
) -> None:
    drill = start_drill(sender_segments_per_second=size.pace / 2)
    told = drill.tell(size.neighbors)
    drill.crew.start(*AT_WORK, *PAUSED)
    for point in sorted(chance.sample(range(int(0.8 * size.neighbors)), size.pauses)):
        drill.reaches(told, point)
        for name in PAUSED:
            drill.crew.pause(name)
        _everyone_they_held_is_told_by_another(drill, told)
        before = told.books.sids()
        for name in PAUSED:
            drill.crew.go_on(name)
        drill.reaches(told, told.phones.look())
        assert before.items() <= {sid: state for sid, state in told.books.sids().items() if sid in before}.items()
    drill.settles(told)
    everyone_has_one(told)


def _everyone_they_held_is_told_by_another(drill: Drill, told: FanOut) -> None:
    held = set(told.books.in_hand())
    eventually(lambda: not held & set(told.books.undecided()), within=60, saying="what the paused held stays open")
