"""Does whoever saw it take it back with one text: before it was told, and after?"""

import pytest
import time_machine

from bot.alerts import correction, desk, release, told
from bot.incidents.states import IncidentState
from bot.moderation import paging, verdicts
from bot.moderation.models import Saw
from bot.outbox import fuse
from bot.outbox.models import Kind
from tests.alerts.stage import Stage
from tests.moderation.cast import later

S = IncidentState


def takes_back(stage: Stage) -> None:
    """By the number that her page gave her, should it prove to be other police."""
    assert stage.says(stage.vera, stage.town.last(stage.vera)["other_police"])


@pytest.mark.parametrize("minutes", [2, 17])
def test_what_nobody_was_told_of_is_closed_as_what_it_was(
    minutes: int, clock: time_machine.Traveller, stage: Stage
) -> None:
    paging.page(stage.town.session, stage.incident)
    stage.found()
    alert = stage.pending()
    assert alert is not None
    later(clock, minutes=minutes)
    takes_back(stage)
    assert (stage.incident.state, stage.incident.was) == (S.DEBUNKED, "police")
    assert stage.pending() is None and not alert.pending
    assert verdicts.live_confirmation(stage.town.session, stage.incident) is None
    assert stage.town.keys(stage.vera)[-1] == "pages.closed_debunked"
    assert stage.town.keys(stage.luis)[-1] == "outcomes.was"


def test_what_it_stood_on_lets_nothing_out_any_more(stage: Stage) -> None:
    stage.found()
    alert = stage.pending()
    assert alert is not None
    takes_back(stage)
    with pytest.raises(release.AlertRefused):
        release.release(stage.town.session, alert, stage.olga, fuse.words_of(alert.broadcast))


def test_of_what_was_told_it_begins_a_dispute_and_drafts_the_correction(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    stage.town.neighbor()
    stage.found()
    stage.release()
    later(clock, minutes=2)
    takes_back(stage)
    assert stage.incident.state is S.DISPUTED
    drafted = stage.pending(Kind.CORRECTION)
    assert drafted is not None and drafted.slots["was"] == "police" and drafted.proposed_by_id == stage.vera.id
    (alert,) = told.alerts(stage.town.session, stage.incident)
    assert alert.broadcast.state.value == "halted"
    stage.release(Kind.CORRECTION)
    assert stage.incident.state.value == "retracted" and stage.incident.was == "police"


def test_what_somebody_else_says_later_is_a_dispute_however_late(clock: time_machine.Traveller, stage: Stage) -> None:
    otto = stage.town.person("Otto")
    stage.found()
    later(clock, minutes=17)
    stage.found(otto, Saw.OTHER_POLICE)
    assert stage.incident.state is S.DISPUTED and stage.pending() is None


def test_seen_after_all_the_drafted_correction_is_withdrawn(stage: Stage) -> None:
    sena = stage.town.person("Sena", senior=True)
    stage.found()
    stage.release()
    takes_back(stage)
    assert stage.pending(Kind.CORRECTION) is not None
    stage.found(sena)
    assert stage.incident.state is S.CONFIRMED and stage.pending(Kind.CORRECTION) is None


def test_a_correction_that_somebody_proposed_by_hand_stays(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    stage.release()
    correction.propose_correction(stage.town.session, stage.incident, stage.olga, "drill")
    drafted = stage.pending(Kind.CORRECTION)
    later(clock, minutes=2)
    desk.found(stage.town.session, stage.incident, stage.vera, Saw.UNSURE)
    assert stage.pending(Kind.CORRECTION) is drafted is not None
