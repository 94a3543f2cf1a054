"""The carrier is in trouble: 5xx, time-outs and resets, some of them after it took the message, and storms of 429."""

import random

import pytest

from tests.drills.drill import Drill, everyone_has_one
from tests.drills.sizes import Sizes
from tests.services.waiting import eventually

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
TROUBLE: tuple[dict[str, object], ...] = (
    {"kind": "server_error", "share": 0.10},
    {"kind": "server_error", "share": 0.05, "status": 503},
    {"kind": "server_error_accepted", "share": 0.05},
    {"kind": "hang_accepted", "share": 0.05},
    {"kind": "reset_accepted", "share": 0.05},
    {"kind": "reset", "share": 0.05},
    {"kind": "too_many", "share": 0.05},
    {"kind": "server_error", "share": 0.20, "on": "list"},
    {"kind": "reset", "share": 0.05, "on": "list"},
)
"""20% 5xx and 5% accepted, then timed out; and no more luck with the list by which the lost are looked up."""
STORM_SECONDS = 3.0


def test_one_request_in_three_goes_wrong_and_so_does_looking_for_the_lost(drill: Drill, size: Sizes) -> None:
    told = drill.tell(size.neighbors)
    for rule in TROUBLE:
        drill.trouble(**rule)  # type: ignore[arg-type]
    drill.crew.start(*CREW)
    drill.reaches(told, 0.8 * size.neighbors)
    drill.mend()
    drill.settles(told)
    everyone_has_one(told)


def test_storms_of_429_in_which_nothing_is_taken(drill: Drill, size: Sizes, chance: random.Random) -> None:
    told = drill.tell(size.neighbors)
    drill.crew.start(*CREW)
    for point in sorted(chance.sample(range(int(0.9 * size.neighbors)), size.storms)):
        drill.reaches(told, point)
        before = drill.carrier.state()["answers"].get("429", 0)
        drill.trouble("too_many", for_seconds=STORM_SECONDS)
        eventually(lambda: drill.carrier.state()["answers"].get("429", 0) > before, within=60)  # noqa: B023
    drill.settles(told)
    everyone_has_one(told)
