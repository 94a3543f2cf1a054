"""STOP in the middle of a fan-out, by text and by hand: nothing begins for that person a second after it is committed."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.conftest import DrillStarter
from tests.drills.drill import Drill, everyone_has_one
from tests.drills.fan_out import FanOut
from tests.drills.sizes import Sizes
from tests.drills.stalls import Stalls
from tests.drills.stopping import Stopped

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
TEXTING_AT_ONCE = 4
ENOUGH = 0.1


def test_stop_while_everybody_is_being_told(start_drill: DrillStarter, size: Sizes, chance: random.Random) -> None:
    drill = start_drill(sender_segments_per_second=size.pace / 2)
    for kind in ("too_many", "server_error", "reset"):  # what was begun once is begun again, later
        drill.trouble(kind, share=0.05)
    drill.opens_its_doors()
    told = drill.tell(size.neighbors)
    with Stalls(drill.carrier.address) as stalls:
        drill.crew.start(*CREW)
        stopped = _stop_many(drill, told, size.stops, chance)
        drill.mend()
        drill.settles(told)
    stopped.nobody_was_told_later(stalls)
    everyone_has_one(told, but=stopped.at)
    assert len(stopped.spared()) > ENOUGH * size.stops, "hardly a STOP came in time to be tried"


def _stop_many(drill: Drill, told: FanOut, count: int, chance: random.Random) -> Stopped:
    """One after the other, from the first copy to nearly the last."""
    stopped = Stopped(told)
    texting = chance.sample(sorted(told.people), count)
    with ThreadPoolExecutor(TEXTING_AT_ONCE) as thumbs:
        for turn, phone in enumerate(texting):
            drill.reaches(told, turn / count * len(told.people) * 0.9)
            thumbs.submit(stopped.by_text, drill.hotline.phone(phone))
            stopped.by_hand(chance)
    return stopped
