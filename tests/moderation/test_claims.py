"""Who goes, and what when they fall silent?"""

import pytest
import time_machine
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, closing, sweeping
from bot.moderation.models import ClaimState
from bot.people.models import Role
from bot.store.session import writing
from tests.moderation.cast import ELSEWHERE, Town, later


def test_a_claim_is_a_lease_and_the_others_are_spared(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto")
    incident = town.incident()
    held = claims.claim(town.session, incident, vera)
    assert incident.state is IncidentState.VERIFYING and held.lease_until > now()
    assert town.keys(otto)[-1] == "pages.covered" and town.keys(vera)[-1] == "pages.what"


def test_a_double_click_is_one_claim(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    assert claims.claim(town.session, incident, vera) is claims.claim(town.session, incident, vera)
    assert town.keys(vera).count("pages.what") == 1


def test_the_second_one_hears_that_it_is_covered(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto")
    incident = town.incident()
    claims.claim(town.session, incident, vera)
    with pytest.raises(claims.ClaimRefused) as refused:
        claims.claim(town.session, incident, otto)
    assert refused.value.key == "pages.covered"


def test_a_disputed_incident_may_be_looked_at_by_two(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto")
    incident = town.incident()
    incident.state = IncidentState.DISPUTED
    town.session.flush()
    claims.claim(town.session, incident, vera)
    claims.claim(town.session, incident, otto)
    assert len(claims.holders(town.session, incident)) == 2


def test_the_way_may_be_longer_than_the_lease(clock: time_machine.Traveller, town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    assert claims.claim(town.session, incident, vera, minutes=12).lease_until == ahead(minutes=12)
    assert claims.claim(town.session, incident, vera, minutes=600).lease_until == ahead(minutes=30)
    later(clock, minutes=28)
    assert claims.claim(town.session, incident, vera).lease_until == ahead(minutes=5)
    assert claims.claim(town.session, incident, vera, minutes=2).lease_until == ahead(minutes=5)


def test_giving_up_opens_it_again_and_asks_the_others(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto")
    incident = town.incident()
    claims.claim(town.session, incident, vera)
    assert claims.give_up(town.session, incident, vera) and not claims.give_up(town.session, incident, vera)
    assert incident.state is IncidentState.UNCONFIRMED
    assert town.keys(otto) == ["pages.look", "pages.covered", "pages.look"]
    assert town.keys(vera)[-1] == "pages.what", "whoever gave up is not asked again"


def test_a_closed_incident_cannot_be_claimed(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    incident.becomes(town.session, IncidentState.UNVERIFIABLE)
    with pytest.raises(claims.ClaimRefused) as refused:
        claims.claim(town.session, incident, vera)
    assert refused.value.key == "pages.closed_already"


def test_silence_ends_a_lease_and_the_next_are_asked(database_url: str, clock: time_machine.Traveller) -> None:
    """Pitfall 4 (`tests/truth/test_pitfalls.py`): a claim without a lease is lost with whoever held it."""
    with writing() as session:
        town = Town(session)
        vera, otto = town.person("Vera"), town.person("Otto")
        incident = town.incident()
        claims.claim(session, incident, vera)
    later(clock, minutes=6)
    sweeping.sweep()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert town.keys(vera)[-1] == "pages.are_you_ok" and town.keys(otto)[-1] == "pages.look"
        held = claims.holders(session, incident)
        assert held == [] and session.get_one(type(incident), incident.id).state is IncidentState.UNCONFIRMED


def test_nobody_could_look_in_time_and_the_reporter_is_told(database_url: str, clock: time_machine.Traveller) -> None:
    with writing() as session:
        town = Town(session)
        town.person("Dora", Role.DISPATCHER)
        luis = town.phone()
        incident = town.tells(luis).incident
        assert incident is not None
    later(clock, minutes=44)
    sweeping.sweep()
    with writing() as session:
        assert session.get_one(type(incident), incident.id).state is IncidentState.UNCONFIRMED
    later(clock, minutes=2)
    sweeping.sweep()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert session.get_one(type(incident), incident.id).state is IncidentState.UNVERIFIABLE
        assert town.keys(luis) == ["outcomes.unverifiable"]


def test_a_claim_is_done_when_it_closes(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    held = claims.claim(town.session, incident, vera)
    closing.close(town.session, incident, IncidentState.UNVERIFIABLE)
    assert held.state is ClaimState.DONE and town.keys(vera)[-1] == "pages.closed_unverifiable"


def test_one_faulty_incident_keeps_no_other_waiting(database_url: str) -> None:
    with writing() as session:
        town = Town(session)
        faulty, sound = town.incident().id, town.incident(ELSEWHERE).id
    acted = []

    def act(session: Session, incident: Incident) -> None:
        if incident.id == faulty:
            raise ZeroDivisionError
        acted.append(incident.id)

    sweeping.each(lambda _session: [faulty, sound], act)
    assert acted == [sound]
