"""Closed, and then somebody sees it: what opens again, and what of before counts no more?"""

import pytest
import time_machine
from sqlalchemy import func, select

from bot.alerts import compose, desk, sweeping
from bot.alerts.models import Alert
from bot.incidents.models import Incident, IncidentStep
from bot.incidents.states import IncidentState
from bot.moderation import findings, verdicts
from bot.moderation.models import Confirmation, Finding, Saw
from bot.outbox.models import Kind
from bot.people.models import Person
from bot.settings import settings
from bot.store.session import reading, writing
from tests.alerts.stage import ICE, Stage
from tests.moderation.cast import Town, later

S = IncidentState


@pytest.fixture
def otto(stage: Stage) -> Person:
    return stage.town.person("Otto")


def gone_untold(clock: time_machine.Traveller, stage: Stage) -> None:
    """Vera saw them, and then that they had left, before anybody was told."""
    stage.found()
    later(clock, minutes=2)
    stage.found(saw=Saw.GONE)
    assert stage.incident.state.value == "ended"
    later(clock, minutes=2)


def standing(stage: Stage) -> Confirmation | None:
    return verdicts.live_confirmation(stage.town.session, stage.incident)


def steps(stage: Stage) -> list[S]:
    taken = select(IncidentStep.after).where(IncidentStep.incident_id == stage.incident.id)
    return list(stage.town.session.scalars(taken.order_by(IncidentStep.seq)))


def test_what_ended_untold_is_confirmed_anew_by_who_sees_it_then(
    clock: time_machine.Traveller, stage: Stage, otto: Person
) -> None:
    gone_untold(clock, stage)
    stage.found(otto)
    assert steps(stage)[-4:] == [S.ENDED, S.UNCONFIRMED, S.VERIFYING, S.CONFIRMED]
    stands, draft = standing(stage), stage.pending()
    assert stands is not None and stands.person_id == otto.id
    assert draft is not None and draft.proposed_by_id == otto.id and stage.refusals() == []
    assert stage.release().confirmation_id == stands.id


def test_what_was_told_and_ended_takes_no_more_findings(
    clock: time_machine.Traveller, stage: Stage, otto: Person
) -> None:
    stage.found()
    stage.release()
    later(clock, minutes=2)
    stage.found(saw=Saw.GONE)
    stage.release(Kind.OVER)
    count = select(func.count(Finding.id))
    before = stage.town.session.scalar(count)
    for saw in (Saw.IMMIGRATION, Saw.GONE):
        with pytest.raises(findings.FindingRefused):
            findings.find(stage.town.session, stage.incident, otto, saw, ICE)
    assert stage.incident.state.value == "ended" and stage.town.session.scalar(count) == before


@pytest.mark.parametrize("saw", [Saw.GONE, Saw.NOBODY, Saw.UNSURE, Saw.SOMETHING_ELSE])
def test_only_a_yes_opens_it_again(clock: time_machine.Traveller, stage: Stage, otto: Person, saw: Saw) -> None:
    gone_untold(clock, stage)
    stage.found(otto, saw)
    assert stage.incident.state.value == "ended" and stage.pending() is None


def test_without_what_identified_them_it_is_open_and_the_look_of_before_decides_nothing(
    clock: time_machine.Traveller, stage: Stage, otto: Person
) -> None:
    gone_untold(clock, stage)
    stage.found(otto, words="many men with masks")
    assert stage.incident.state.value == "verifying" and standing(stage) is None and stage.pending() is None
    assert stage.town.keys(otto)[-1] == "pages.what_says_so"


@pytest.mark.parametrize("words", ["many men with masks", ICE])
def test_a_first_look_opens_it_and_the_confirmation_of_before_lets_nothing_out(
    clock: time_machine.Traveller, stage: Stage, words: str
) -> None:
    nina = stage.town.person("Nina")
    nina.trial_began_at = stage.incident.opened_at
    gone_untold(clock, stage)
    stage.found(nina, words=words)
    assert stage.incident.state.value == "unconfirmed" and standing(stage) is None and stage.pending() is None


def test_a_look_from_before_it_was_not_seen_decides_nothing_either(
    clock: time_machine.Traveller, stage: Stage, otto: Person
) -> None:
    stage.found(saw=Saw.NOBODY)
    assert stage.incident.state.value == "not_seen"
    later(clock, minutes=2)
    stage.found(otto, words="many men with masks")
    assert stage.incident.state.value == "verifying", "not closed again by who looked before"


def test_a_yes_soon_after_a_no_is_a_dispute_also_when_it_had_ended(
    clock: time_machine.Traveller, stage: Stage, otto: Person
) -> None:
    stage.found()
    later(clock, minutes=2)
    stage.found(saw=Saw.NOBODY)
    assert stage.incident.state.value == "ended"
    later(clock, minutes=2)
    stage.found(otto)
    assert stage.incident.state.value == "disputed" and standing(stage) is None and stage.pending() is None


def test_what_nobody_let_out_in_time_is_not_let_out_by_the_old_look(
    database_url: str, clock: time_machine.Traveller
) -> None:
    with writing() as session:
        town = Town(session)
        incident_id = _confirmed(town)
        town.person("Otto")
    later(clock, minutes=settings().alert_minutes + 1)
    sweeping.sweep()
    with writing() as session:
        incident, otto = session.get_one(Incident, incident_id), Town(session).named("Otto")
        assert incident.state.value == "ended"
        desk.found(session, incident, otto, Saw.IMMIGRATION, "many men with masks")
        assert incident.state.value == "verifying" and verdicts.live_confirmation(session, incident) is None
        assert list(session.scalars(select(Alert).where(Alert.pending))) == []
    with writing() as session:
        incident, otto = session.get_one(Incident, incident_id), Town(session).named("Otto")
        desk.found(session, incident, otto, Saw.IMMIGRATION, ICE)
    sweeping.sweep()
    with reading() as session:
        incident = session.get_one(Incident, incident_id)
        draft = compose.pending(session, incident, Kind.ALERT)
        assert incident.state.value == "confirmed" and draft is not None
        assert draft.proposed_by_id == Town(session).named("Otto").id


def _confirmed(town: Town) -> int:
    vera = town.person("Vera")
    incident = town.tells(town.phone()).incident
    assert incident is not None
    desk.found(town.session, incident, vera, Saw.IMMIGRATION, ICE)
    assert incident.state.value == "confirmed"
    return incident.id
