"""Can one person stop, and only two say that we were wrong? And do the very people who were told hear it?"""

import pytest

from bot.alerts import correction, live
from bot.alerts.models import Alert
from bot.contacts.models import Contact
from bot.incidents.states import IncidentState
from bot.moderation.models import Saw
from bot.outbox import freezing
from bot.outbox.models import BroadcastState, Kind, Lane
from bot.reports.models import ReportKind
from tests.alerts.stage import Stage
from tests.moderation.cast import LUIS

S = IncidentState


@pytest.fixture
def told(stage: Stage) -> tuple[Alert, Contact, Contact]:
    """The alert is out; one neighbor's copy left, the other's waits."""
    reached, waiting = stage.town.neighbor("hp"), stage.town.neighbor("hp")
    stage.found()
    alert = stage.pending()
    assert alert is not None
    stage.release()
    stage.plan(alert.broadcast_id)
    stage.hand(alert.broadcast_id, reached)
    return alert, reached, waiting


def test_one_person_stops_it_and_says_that_we_doubt(stage: Stage, told: tuple[Alert, Contact, Contact]) -> None:
    alert, reached, _ = told
    doubt = correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    assert alert.broadcast.state is BroadcastState.HALTED
    assert doubt.broadcast.state is BroadcastState.RELEASED and doubt.broadcast.lane == Lane.CORRECTION
    assert stage.plan(doubt.broadcast_id) == {reached.id}, "whoever got nothing needs no doubt"
    assert stage.incident.state is S.DISPUTED
    assert doubt.broadcast.release is not None and doubt.broadcast.release.second_id is None


def test_doubting_twice_is_doubting_once(stage: Stage, told: object) -> None:
    first = correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    assert correction.halt_and_doubt(stage.town.session, stage.incident, stage.olga) is first


def test_the_doubt_leaves_while_frozen(stage: Stage, told: object) -> None:
    freezing.freeze(stage.town.session, stage.omar)
    doubt = correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    assert doubt.broadcast.state is BroadcastState.RELEASED


def test_nothing_told_nothing_to_doubt_or_correct(stage: Stage) -> None:
    stage.found()
    with pytest.raises(correction.CorrectionRefused):
        correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    with pytest.raises(correction.CorrectionRefused):
        correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")


def test_a_correction_takes_two_of_two_lines(stage: Stage, told: tuple[Alert, Contact, Contact]) -> None:
    alert, reached, _waiting = told
    draft = correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")
    assert draft.broadcast.state is BroadcastState.DRAFT
    assert alert.broadcast.state is BroadcastState.HALTED, "unsent copies stop at once, by one hand"
    assert stage.refusals(stage.omar, Kind.CORRECTION) == ["same_person"]
    stage.release(Kind.CORRECTION)
    assert stage.incident.state is S.RETRACTED and stage.incident.was == "police"
    assert stage.plan(draft.broadcast_id) == {reached.id}
    assert draft.broadcast.lane == Lane.CORRECTION
    assert any("policia local" in rendition.text.replace("í", "i") for rendition in draft.broadcast.renditions)


def test_a_correction_leaves_while_frozen_and_while_disputed(stage: Stage, told: object) -> None:
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    freezing.freeze(stage.town.session, stage.omar)
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "unfounded")
    stage.release(Kind.CORRECTION)
    assert stage.incident.state is S.RETRACTED


def test_reporters_and_those_who_asked_hear_that_we_were_wrong(stage: Stage, told: object) -> None:
    asker = stage.town.phone()
    stage.town.tells(asker, LUIS, ReportKind.RUMOR)
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "film_crew")
    stage.release(Kind.CORRECTION)
    assert stage.town.keys(stage.luis)[-1] == "outcomes.wrong" and stage.town.keys(asker)[-1] == "outcomes.wrong"
    assert "filmaci" in stage.town.read(stage.luis)[-1]


def test_what_it_was_must_be_one_of_our_words(stage: Stage, told: object) -> None:
    with pytest.raises(correction.CorrectionRefused) as refused:
        correction.propose_correction(stage.town.session, stage.incident, stage.omar, "los vecinos Ortigoza")
    assert refused.value.key == "alerts.refused_was_unknown"


def test_an_alert_that_is_over_can_still_be_corrected(stage: Stage, told: object) -> None:
    stage.found(saw=Saw.GONE)
    stage.release(Kind.OVER)
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")
    stage.release(Kind.CORRECTION)
    assert stage.incident.state is S.RETRACTED


def test_found_to_be_something_else_after_all_drafts_the_correction(stage: Stage, told: object) -> None:
    otto, sena = stage.town.person("Otto"), stage.town.person("Sena", senior=True)
    stage.found(otto, Saw.OTHER_POLICE)
    stage.found(sena, Saw.OTHER_POLICE)
    assert stage.incident.state is S.DEBUNKED and stage.pending(Kind.CORRECTION) is not None
    stage.release(Kind.CORRECTION)
    assert stage.incident.state.value == "retracted"


def test_confirmed_again_after_a_doubt_is_an_update_to_the_same_people_and_a_correction_reaches_all(
    stage: Stage, told: tuple[Alert, Contact, Contact]
) -> None:
    alert, reached, _ = told
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    stage.found(stage.town.person("Sena", senior=True))
    update = stage.pending(Kind.UPDATE)
    assert update is not None and update.broadcast.same_people_as == alert.broadcast_id
    stage.release(Kind.UPDATE)
    assert stage.plan(update.broadcast_id) == {reached.id}
    late = stage.town.neighbor("hp")
    assert live.tell_newcomer(stage.town.session, late, "hp") == 1
    stage.hand(update.broadcast_id, reached, late)
    draft = correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")
    stage.release(Kind.CORRECTION)
    assert stage.plan(draft.broadcast_id) == {reached.id, late.id}
