"""Told, doubted, and nobody could be sure: what do those who told us, and those who ask, hear then?"""

import pytest

from bot.alerts import correction, known
from bot.incidents.models import Incident
from bot.moderation.models import Saw
from messages import catalog
from tests.alerts.stage import Stage


@pytest.fixture
def unsure(stage: Stage) -> Incident:
    """Confirmed and told, doubted by one, and two seniors could not tell."""
    stage.found()
    stage.release()
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.olga)
    assert known.of_incident(stage.town.session, stage.incident).key == "alerts.known_doubted"
    for name in ("Sena", "Sol"):
        stage.found(stage.town.person(name, senior=True), Saw.UNSURE)
    assert stage.incident.state.value == "unverifiable"
    return stage.incident


def test_who_heard_that_it_was_confirmed_does_not_hear_that_nobody_checked(stage: Stage, unsure: Incident) -> None:
    assert stage.town.keys(stage.luis) == ["outcomes.checking", "outcomes.told", "outcomes.unsure_after"]


def test_check_does_not_say_that_we_still_look(stage: Stage, unsure: Incident) -> None:
    said = known.of_incident(stage.town.session, unsure)
    assert said.kind == "doubted" and said.key == "alerts.known_doubted_closed"
    assert "checking it again" not in catalog.text(said.key, "en", **said.words("en"))


def test_what_nobody_was_told_of_could_not_be_checked(stage: Stage) -> None:
    for name in ("Otto", "Sol"):
        stage.found(stage.town.person(name), Saw.UNSURE)
    assert stage.town.keys(stage.luis)[-1] == "outcomes.unverifiable"
