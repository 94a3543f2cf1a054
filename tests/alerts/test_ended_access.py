"""Somebody's access was ended: does their word still let anything out?"""

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.alerts import compose, release
from bot.clock import now
from bot.moderation.models import Saw
from bot.outbox.models import Kind, Release
from bot.people import sign_in
from bot.people.models import Person, Role
from tests.alerts.stage import Stage


def _ends_elsewhere(stage: Stage, person: Person) -> None:
    """In another process: this session has read the person before, and is told nothing."""
    ended: Any = update(Person).where(Person.id == person.id).values(revoked_at=now())
    stage.town.session.execute(ended.execution_options(synchronize_session=False))
    assert person.revoked_at is None


def _released(stage: Stage) -> list[Release]:
    return list(stage.town.session.scalars(select(Release)))


def test_what_they_confirmed_waits_until_somebody_else_looks(stage: Stage) -> None:
    stage.found()
    sign_in.revoke(stage.town.session, stage.vera)
    assert stage.refusals() == ["first_revoked"]
    with pytest.raises(release.AlertRefused, match="first_revoked"):
        stage.release()
    assert _released(stage) == []
    stage.found(stage.town.person("Vito"))
    assert stage.refusals() == []
    assert stage.release().second_id == stage.olga.id


@pytest.mark.parametrize("who", ["vera", "olga"])
def test_between_the_page_and_the_click(stage: Stage, who: str) -> None:
    stage.found()
    assert stage.refusals() == []
    _ends_elsewhere(stage, getattr(stage, who))
    with pytest.raises(release.AlertRefused):
        stage.release()
    assert _released(stage) == []


def test_who_found_them_gone_is_no_first_hand_either(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    sign_in.revoke(stage.town.session, stage.vera)
    assert stage.refusals(kind=Kind.OVER) == ["first_revoked"]


def test_another_proposes_the_correction_anew(stage: Stage) -> None:
    stage.found()
    stage.release()
    dora = stage.town.person("Dora", Role.DISPATCHER)
    compose.propose(stage.town.session, stage.incident, Kind.CORRECTION, dora, was="film_crew")
    sign_in.revoke(stage.town.session, dora)
    assert stage.refusals(kind=Kind.CORRECTION) == ["first_revoked"]
    compose.propose(stage.town.session, stage.incident, Kind.CORRECTION, stage.omar, was="film_crew")
    assert stage.refusals(kind=Kind.CORRECTION) == []
