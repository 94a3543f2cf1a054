"""What follows when it is gone, or when whoever saw it can no longer tell?"""

import pytest
import time_machine

from bot.incidents.states import IncidentState
from bot.moderation.models import Saw
from bot.outbox.models import Kind
from bot.people.models import Role
from tests.alerts.stage import Stage
from tests.moderation.cast import later

S = IncidentState


def out(stage: Stage) -> None:
    stage.found()
    stage.release()


def test_cannot_tell_leaves_the_draft_that_says_it_is_over(clock: time_machine.Traveller, stage: Stage) -> None:
    out(stage)
    later(clock, minutes=3)
    stage.found(saw=Saw.GONE)
    over = stage.pending(Kind.OVER)
    for person in (stage.town.person("Otto"), stage.vera):
        later(clock, minutes=2)
        stage.found(person, Saw.UNSURE)
    assert stage.pending(Kind.OVER) is over is not None
    stage.release(Kind.OVER)
    assert stage.incident.state.value == "ended"


def test_seen_again_withdraws_it(clock: time_machine.Traveller, stage: Stage) -> None:
    out(stage)
    stage.found(saw=Saw.GONE)
    later(clock, minutes=2)
    stage.found()
    assert stage.pending(Kind.OVER) is None


def test_gone_by_who_never_saw_it_ends_nothing_that_nobody_was_told_of(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    dora = stage.town.person("Dora", Role.DISPATCHER)
    for saw, minutes in ((Saw.GONE, 1), (Saw.NOBODY, 17)):
        stage.incident = stage.town.incident()
        stage.found()
        later(clock, minutes=minutes)
        stage.found(dora, saw)
        assert stage.incident.state is S.DISPUTED, saw
        assert "pages.closed_unreleased" not in stage.town.keys(stage.vera)
        later(clock, minutes=400)


def test_gone_by_who_saw_it_ends_it(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    later(clock, minutes=1)
    stage.found(saw=Saw.GONE)
    assert stage.incident.state is S.ENDED


def test_who_can_no_longer_tell_lets_nothing_out_however_fresh(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    assert stage.refusals() == []
    later(clock, minutes=1)
    stage.found(saw=Saw.UNSURE)
    assert stage.refusals() == ["unsure_since"]
    later(clock, minutes=1)
    stage.found()
    assert stage.refusals() == []


@pytest.mark.parametrize(
    ("saw", "minutes", "state"),
    [(Saw.NOBODY, 2, S.DISPUTED), (Saw.GONE, 2, S.CONFIRMED), (Saw.NOBODY, 25, S.CONFIRMED)],
    ids=["nobody there a moment later", "gone a moment later", "nobody there much later"],
)
def test_who_can_no_longer_tell_leaves_what_was_told_to_be_doubted_by_who_sees_nobody(
    clock: time_machine.Traveller, stage: Stage, saw: Saw, minutes: float, state: IncidentState
) -> None:
    """That it is over would say that it was so."""
    out(stage)
    stage.found(saw=Saw.UNSURE)
    later(clock, minutes=minutes)
    stage.found(stage.town.person("Otto"), saw)
    assert stage.incident.state is state
    assert (stage.pending(Kind.OVER) is None) is (state is S.DISPUTED)


def test_that_another_cannot_tell_takes_nothing_from_it(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    stage.found(stage.town.person("Otto"), Saw.UNSURE)
    assert stage.refusals() == []
