"""What time does to alerts, and whether anybody is left without an answer."""

import time_machine
from sqlalchemy import select

from bot.alerts import compose, release, sweeping
from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import findings, verdicts
from bot.moderation.models import Saw
from bot.outbox import fuse
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import BroadcastState, Kind
from bot.people.models import Person, Role
from bot.store.session import reading, writing
from tests.moderation.cast import Town, later

S = IncidentState


def confirmed(town: Town, *, drafted: bool = True) -> Incident:
    vera = town.person("Vera")
    town.person("Olga", Role.ORGANIZER, line="birch", on=False)
    incident = town.tells(town.phone()).incident
    assert incident is not None
    findings.find(town.session, incident, vera, Saw.IMMIGRATION, "ICE vests")
    verdicts.judge(town.session, incident)
    if drafted:
        compose.propose(town.session, incident, Kind.ALERT, vera)
    return incident


def state(incident: Incident) -> IncidentState:
    with reading() as session:
        return session.get_one(Incident, incident.id).state


def test_a_released_alert_that_ran_out_ends_the_incident_quietly(
    clock: time_machine.Traveller, database_url: str
) -> None:
    with writing() as session:
        town = Town(session)
        incident = confirmed(town)
        alert = session.scalars(select(Alert)).one()
        olga = session.scalars(select(Person).where(Person.name == "Olga")).one()
        release.release(session, alert, olga, fuse.words_of(alert.broadcast))
    later(clock, minutes=59)
    sweeping.sweep()
    assert state(incident) is S.CONFIRMED
    later(clock, minutes=2)
    sweeping.sweep()
    sweeping.sweep()
    assert state(incident) is S.ENDED


def test_what_nobody_released_in_time_ends_and_was_never_confirmed_to_anybody(
    clock: time_machine.Traveller, database_url: str
) -> None:
    with writing() as session:
        town = Town(session)
        incident = confirmed(town)
    later(clock, minutes=61)
    sweeping.sweep()
    assert state(incident) is S.ENDED
    with writing() as session:
        town.session = session
        alert = session.scalars(select(Alert)).one()
        assert not alert.pending and alert.broadcast.state is BroadcastState.CANCELLED
        said = set(session.scalars(select(Delivery.key)))
        assert "outcomes.unverifiable" in said and "outcomes.told" not in said


def test_a_confirmation_whose_draft_was_cut_off_is_drafted(database_url: str) -> None:
    with writing() as session:
        confirmed(Town(session), drafted=False)
    sweeping.sweep()
    sweeping.sweep()
    with reading() as session:
        assert len(session.scalars(select(Alert)).all()) == 1
