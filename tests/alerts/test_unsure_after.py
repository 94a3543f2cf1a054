"""Told, doubted, and nobody could be sure: what do those who told us, and those who ask, hear then?"""

import pytest

from bot.alerts import correction, known
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import closing, outcomes
from bot.moderation.models import Saw
from bot.outbox.models import Kind
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


def test_who_told_of_it_in_doubt_hears_what_became_of_it_though_nobody_let_the_update_out(stage: Stage) -> None:
    """Seen again after the doubt, and its time ran out before a second person read the update."""
    late = _doubted_then_seen_again(stage)
    closing.close(stage.town.session, stage.incident, IncidentState.ENDED, None, "expired")
    outcomes.tell(stage.town.session, stage.incident)
    assert stage.town.keys(late) == ["outcomes.unsure_after"]
    assert stage.town.keys(stage.luis)[-1] == "outcomes.unsure_after"


def test_who_was_to_hear_it_was_confirmed_and_was_forgotten_until_its_time_ran_out_does_not_read_that_it_is_so(
    stage: Stage,
) -> None:
    """Whoever should have told them was cut off. Who heard it in time hears nothing more."""
    stage.found()
    stage.release()
    late = stage.town.phone()
    assert stage.town.tells(late).incident is stage.incident
    closing.close(stage.town.session, stage.incident, IncidentState.ENDED, None, "expired")
    outcomes.tell(stage.town.session, stage.incident)
    assert stage.town.keys(late) == ["outcomes.unsure_after"]
    assert stage.town.keys(stage.luis)[-1] == "outcomes.told"


def test_an_update_takes_a_doubt_back_for_those_who_told_of_it_since(stage: Stage) -> None:
    late = _doubted_then_seen_again(stage)
    stage.release(Kind.UPDATE)
    assert stage.town.keys(late) == ["outcomes.told"]


def _doubted_then_seen_again(stage: Stage) -> Contact:
    """Somebody told of it while it was in doubt, and has heard nothing yet."""
    stage.found()
    stage.release()
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.olga)
    late = stage.town.phone()
    assert stage.town.tells(late).incident is stage.incident
    stage.found(stage.town.person("Sena", line="cedar", senior=True))
    assert stage.incident.state is IncidentState.CONFIRMED
    assert stage.town.keys(late) == []
    return late
