"""kill -9 of any process, again and again within one fan-out: is anybody lost, or told twice? Counted at the phones."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.drill import Drill, everyone_has_one
from tests.drills.sizes import Sizes
from tests.drills.stopping import OUR_WORD, stopped
from tests.services.waiting import eventually

pytestmark = pytest.mark.slow

WORKERS = ("clock", "urgent-1", "urgent-2", "bulk-1", "bulk-2")
RECEIPTS_LOST = 0.8
"""The carrier's receipts settle a lost copy at once; without them it is looked up. Both ways are tried."""
TEXTING_AT_ONCE = 2


def test_any_process_killed_at_random_points_of_one_fan_out(drill: Drill, size: Sizes, chance: random.Random) -> None:
    drill.opens_its_doors()
    drill.trouble("receipt_dropped", share=RECEIPTS_LOST)
    strangers, told = drill.settle_in(size.strangers), drill.tell(size.people)
    drill.crew.start(*WORKERS)
    points = sorted(chance.sample(range(size.people), size.kills))
    with ThreadPoolExecutor(TEXTING_AT_ONCE) as thumbs:
        for turn, point in enumerate(points):
            drill.reaches(told, point)
            _kill_one(drill, chance)
            if turn < len(strangers.phones):
                thumbs.submit(drill.hotline.phone(strangers.phones[turn]).texts, OUR_WORD)
    eventually(
        lambda: stopped(strangers.phones) == size.strangers, within=90, saying="a STOP was lost with the web process"
    )
    to_strangers = drill.tell(strangers)
    drill.settles(told, to_strangers)
    everyone_has_one(told)
    assert to_strangers.phones.look() == 0


def _kill_one(drill: Drill, chance: random.Random) -> None:
    """Any process, and for the web one its master with all it started, or only a part of it."""
    name = chance.choice(["web", *WORKERS])
    if name == "web" and chance.random() < 0.5:
        drill.crew.kill_a_part(name)
        return
    drill.crew.kill(name)
    drill.crew.start(name)
