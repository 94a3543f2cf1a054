"""Who settles a dispute, who hears of it, and what of an alert that is out already?"""

import pytest

from bot.alerts import told
from bot.incidents.states import IncidentState
from bot.moderation import claims, paging
from bot.moderation.models import Saw
from bot.outbox.models import Kind
from bot.people.models import Person, Role
from tests.alerts.stage import Stage

S = IncidentState


@pytest.fixture
def otto(stage: Stage) -> Person:
    return stage.town.person("Otto")


@pytest.fixture
def sena(stage: Stage) -> Person:
    """Senior, of another line."""
    return stage.town.person("Sena", senior=True, line="birch")


def disputed(stage: Stage, otto: Person) -> None:
    stage.found()
    stage.found(otto, Saw.NOBODY)
    assert stage.incident.state is S.DISPUTED


def test_a_senior_who_cannot_tell_settles_nothing(stage: Stage, otto: Person, sena: Person) -> None:
    disputed(stage, otto)
    stage.found(sena, Saw.UNSURE)
    stage.found(stage.town.person("Bob"))
    assert stage.incident.state is S.DISPUTED and stage.pending() is None


def test_of_what_was_told_unsent_copies_stop_and_nobody_reads_that_nothing_goes_out(
    stage: Stage, otto: Person, sena: Person
) -> None:
    stage.found()
    stage.release()
    stage.found(otto, Saw.NOBODY)
    (alert,) = told.alerts(stage.town.session, stage.incident)
    assert alert.broadcast.state.value == "halted"
    assert "pages.differs_told" in stage.town.keys(otto)
    assert stage.town.keys(sena)[-1] == "pages.look_disputed_told"


def test_seen_after_all_an_update_is_drafted_for_those_whose_copies_stopped(
    stage: Stage, otto: Person, sena: Person
) -> None:
    stage.found()
    stage.release()
    stage.found(otto, Saw.NOBODY)
    stage.found(sena)
    assert stage.incident.state.value == "confirmed" and stage.pending(Kind.UPDATE) is not None


def test_a_senior_who_was_asked_before_is_asked_about_the_dispute(stage: Stage, otto: Person, sena: Person) -> None:
    paging.page(stage.town.session, stage.incident)
    paging.widen(stage.town.session, stage.incident)
    assert stage.town.keys(sena) == ["pages.look"]
    disputed(stage, otto)
    assert stage.town.keys(sena)[-1] == "pages.look_disputed"


def test_a_senior_whose_look_is_in_dispute_is_not_asked_again(stage: Stage, sena: Person) -> None:
    other = stage.town.person("Sol", senior=True, areas=("lb_east",), on=False)
    stage.found()
    stage.found(sena, Saw.NOBODY)
    assert "pages.look_disputed" not in stage.town.keys(sena)
    assert stage.town.keys(other) == ["pages.look_disputed"]


def test_when_a_senior_cannot_the_next_one_is_asked_then_those_who_watch(
    stage: Stage, otto: Person, sena: Person
) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR)
    far = stage.town.person("Sol", senior=True, areas=("lb_east",), on=False)
    paging.alarm(stage.town.session, stage.incident, "pages.nobody_on")
    disputed(stage, otto)
    claims.decline(stage.town.session, stage.incident, sena)
    assert stage.town.keys(far) == ["pages.look_disputed"]
    claims.decline(stage.town.session, stage.incident, far)
    assert stage.town.keys(cora) == ["pages.nobody_on", "pages.disputed_watch"], "heard something else before"
    paging.page_senior(stage.town.session, stage.incident)
    assert stage.town.keys(cora).count("pages.disputed_watch") == 1


def test_those_who_watch_do_not_read_that_nothing_goes_out_of_what_is_out(stage: Stage, otto: Person) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR)
    stage.found()
    stage.release()
    stage.found(otto, Saw.NOBODY)
    assert "pages.disputed_watch_told" in stage.town.keys(cora)
    assert "pages.disputed_watch" not in stage.town.keys(cora)


def test_a_no_that_is_no_seniors_asks_nobody_new(stage: Stage, otto: Person, sena: Person) -> None:
    disputed(stage, otto)
    asked = stage.town.keys(sena)
    claims.decline(stage.town.session, stage.incident, otto)
    assert stage.town.keys(sena) == asked


@pytest.mark.parametrize(
    ("saw", "key"), [(Saw.OTHER_POLICE, "closed_debunked_told"), (Saw.UNSURE, "closed_unverifiable_told")]
)
def test_nobody_reads_that_nothing_went_out_when_it_did(
    saw: Saw, key: str, stage: Stage, otto: Person, sena: Person
) -> None:
    stage.found()
    stage.release()
    stage.found(otto, Saw.NOBODY)
    stage.found(sena, saw)
    if saw is Saw.UNSURE:
        stage.found(stage.town.person("Sol", senior=True), saw)
    assert stage.town.keys(sena)[-1] == f"pages.{key}"
