"""Promise 10. Everyone who reported hears what became of it, whatever became of it; "confirmed" only when it was let out."""

import pytest

from bot.incidents.states import IncidentState
from bot.moderation import closing, outcomes
from bot.moderation.models import Saw
from tests.alerts.stage import Stage


def _last(stage: Stage) -> str:
    return stage.town.read(stage.luis)[-1]


@pytest.mark.parametrize(
    ("saw", "was", "said"),
    [(Saw.OTHER_POLICE, "police", "polic"), (Saw.SOMETHING_ELSE, "tow_truck", "gr"), (Saw.NOBODY, None, "no vimos")],
)
def test_what_was_found_is_told(stage: Stage, saw: Saw, was: str | None, said: str) -> None:
    from bot.alerts import desk

    desk.found(stage.town.session, stage.incident, stage.vera, saw, was=was)
    assert said in _last(stage).lower()


def test_confirmed_is_told_only_after_the_second_person(stage: Stage) -> None:
    stage.found()
    assert not any("confirm" in said.lower() for said in stage.town.read(stage.luis))
    stage.release()
    assert "confirm" in _last(stage).lower()


def test_nobody_could_look_is_told_too(stage: Stage) -> None:
    closing.close(stage.town.session, stage.incident, IncidentState.UNVERIFIABLE, None, "nobody_could_look")
    outcomes.tell(stage.town.session, stage.incident)
    assert "no pudimos" in _last(stage).lower()


def test_nobody_is_told_the_same_twice(stage: Stage) -> None:
    stage.found(saw=Saw.NOBODY)
    told = len(stage.town.read(stage.luis))
    for _ in range(3):
        outcomes.tell(stage.town.session, stage.incident)
    assert len(stage.town.read(stage.luis)) == told
