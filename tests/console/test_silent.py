"""Does the desk show who went to look and does not answer, to those who can do something about it?"""

import pytest
import time_machine

from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.opening import Spot
from bot.moderation import caring, claims, sweeping
from bot.people.models import Person
from bot.store.session import reading, writing
from messages import catalog
from messages.formats import clock_time
from tests.console.conftest import People
from tests.console.desk import Browser
from tests.moderation.cast import clock, later

__all__ = ["clock"]


@pytest.fixture
def silent_at(people: People, clock: time_machine.Traveller) -> str:
    """Vera said that she goes to Gage and State, and nothing has come from her since. When we asked."""
    with writing() as session:
        spot = Spot("x:gage:state", "Gage & State", ("hp",), 33.98, -118.21)
        incident = opening.open_at(session, spot)
        claims.claim(session, session.get_one(Incident, incident.id), session.get_one(Person, people.vera.id))
    later(clock, minutes=6)
    sweeping.sweep()
    with reading() as session:
        (question,) = caring.silent(session)
        return clock_time(question.asked_at, "en")


def says(key: str, name: str = "Vera") -> str:
    return catalog.text(f"console.silent.{key}", "en", name=name)


def test_who_was_asked_then_who_does_not_answer_where_and_since_when(
    silent_at: str, dora: Browser, clock: time_machine.Traveller
) -> None:
    page = dora.reads("/")
    assert says("asked") in page and "Gage &amp; State" in page and silent_at in page
    later(clock, minutes=5, seconds=1)
    sweeping.sweep()
    assert says("title") in dora.reads("/") and says("title") in dora.reads("/queue/rows")


def test_to_other_verifiers_it_is_nobodys_business(silent_at: str, vera: Browser) -> None:
    page = vera.reads("/")
    assert says("asked") not in page and 'id="silent-' not in page


def test_whoever_reached_them_says_so_and_it_is_gone(silent_at: str, dora: Browser, people: People) -> None:
    assert says("reached") in dora.does(f"/people/{people.vera.id}/reached")
    assert says("asked") not in dora.reads("/")
    with reading() as session:
        assert caring.silent(session) == []
