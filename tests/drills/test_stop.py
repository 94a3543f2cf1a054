"""STOP in the middle of a fan-out: nothing begins for that person a second after it is committed."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.contacts.models import Contact
from bot.store.session import writing
from tests.drills.conftest import DrillStarter
from tests.drills.drill import Drill, nobody_has_two
from tests.drills.fan_out import FanOut
from tests.drills.sizes import Sizes
from tests.drills.stalls import Stalls

pytestmark = pytest.mark.slow

CREW = ("clock", "urgent", "bulk-1", "bulk-2")
SECOND = 1.0
OUR_WORD = "ALTO"
"""Twilio's own filter does not know it: it would refuse what we must not even begin."""
TEXTING_AT_ONCE = 4


def test_stop_by_text_and_by_hand_while_everybody_is_being_told(
    start_drill: DrillStarter, size: Sizes, chance: random.Random
) -> None:
    drill = start_drill(sender_segments_per_second=size.pace / 2)
    for kind, share in (("too_many", 0.1), ("server_error", 0.05), ("reset", 0.05), ("hang", 0.02)):
        drill.trouble(kind, share=share)
    told = drill.tell(size.neighbors)
    drill.opens_its_doors()
    stalls = Stalls(drill.carrier.address)
    drill.crew.start(*CREW)
    stopped = _stop_many(drill, told, size.stops, chance)
    drill.mend()
    drill.settles(told)
    stalls.close()
    nobody_has_two(told)
    copies = told.phones.by_person()
    late = {to: copies[to][0].at - at for to, at in stopped.items() if to in copies}
    too_late = [to for to, seconds in late.items() if seconds - stalls.before(copies[to][0].at) > SECOND]
    assert not too_late, f"{sorted(late[to] for to in too_late)}\n{told.books.of(too_late)}"
    assert told.people - set(copies) <= set(stopped)
    assert len(set(stopped) - set(copies)) > size.stops / 10, "no STOP came in time to be tried"


def _stop_many(drill: Drill, told: FanOut, count: int, chance: random.Random) -> dict[str, float]:
    """Who stopped, and a moment by which that was surely committed."""
    stopped: dict[str, float] = {}
    with ThreadPoolExecutor(TEXTING_AT_ONCE) as texting:
        for turn in range(count):
            drill.reaches(told, (turn + 1) / (count + 1) * len(told.people) * 0.9)
            texting.submit(_by_text, drill, chance.choice(sorted(told.people)), stopped)
            _by_hand(told, chance, stopped)
    return stopped


def _by_text(drill: Drill, phone: str, stopped: dict[str, float]) -> None:
    answer = drill.hotline.phone(phone).texts(OUR_WORD)
    if answer["status"] == 200 and phone not in stopped:
        stopped[phone] = time.time()


def _by_hand(told: FanOut, chance: random.Random, stopped: dict[str, float]) -> None:
    """Somebody whose copy a worker holds at this moment."""
    held = told.books.in_hand()
    if not held:
        return
    with writing() as session:
        contact = session.get_one(Contact, chance.choice(held))
        phone = told.phone_of(contact)
        already = contact.is_stopped
        contact.stop()
    if not already:
        stopped[phone] = time.time()
