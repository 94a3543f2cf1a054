"""A new verifier's first looks are compared, not counted; what counts still comes from somebody else."""

import pytest
from sqlalchemy import select

from bot.alerts import desk
from bot.clock import now
from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, trial, verdicts
from bot.moderation.models import Confirmation, Finding, Saw
from bot.people import invitations, totp
from bot.people.models import Person, Role
from bot.settings import settings
from tests.moderation.cast import ELSEWHERE, Town
from tests.services.settings import Environment

S = IncidentState
ICE = "6 agents, vests say ICE"
PASSPHRASE = "tres gatos cruzan el puente"


@pytest.fixture
def nina(town: Town) -> Person:
    """New here."""
    nina = town.person("Nina")
    nina.trial_began_at = now()
    return nina


@pytest.fixture
def vera(town: Town) -> Person:
    return town.person("Vera")


@pytest.fixture
def incident(town: Town, nina: Person, vera: Person) -> Incident:
    return town.incident()


def look(town: Town, incident: Incident, person: Person, saw: Saw, words: str = "", was: str | None = None) -> Finding:
    return desk.found(town.session, incident, person, saw, words, was=was)


def test_a_shadow_yes_confirms_nothing_and_asks_a_second_verifier_at_once(
    town: Town, incident: Incident, nina: Person, vera: Person
) -> None:
    claims.claim(town.session, incident, nina)
    asked = town.keys(vera).count("pages.look")
    assert look(town, incident, nina, Saw.IMMIGRATION, ICE).shadow
    assert incident.state is S.UNCONFIRMED and town.session.scalars(select(Confirmation)).all() == []
    assert town.keys(vera).count("pages.look") == asked + 1
    assert incident.seen_at is None and incident.looked_at is None, "nobody may take it for a look that counts"


@pytest.mark.parametrize("saw", [Saw.NOBODY, Saw.OTHER_POLICE, Saw.UNSURE, Saw.GONE])
def test_a_shadow_no_ends_nothing(town: Town, incident: Incident, nina: Person, saw: Saw) -> None:
    claims.claim(town.session, incident, nina)
    look(town, incident, nina, saw)
    assert incident.state is S.UNCONFIRMED


def test_somebody_is_looking_while_a_new_verifier_does(town: Town, incident: Incident, nina: Person) -> None:
    claims.claim(town.session, incident, nina)
    assert incident.state is S.VERIFYING


def test_they_are_told_kindly_what_it_means(town: Town, incident: Incident, nina: Person) -> None:
    claims.claim(town.session, incident, nina)
    look(town, incident, nina, Saw.IMMIGRATION, ICE)
    assert town.keys(nina)[-1] == "pages.shadow_noted"
    said = town.read(nina)[-1]
    assert "1 of your first 10" in said and "thank you" in said.lower()


def test_a_shadow_no_neither_disputes_nor_settles(town: Town, incident: Incident, nina: Person, vera: Person) -> None:
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    look(town, incident, nina, Saw.NOBODY)
    assert incident.state is S.CONFIRMED
    assert verdicts.live_confirmation(town.session, incident) is not None


def test_a_shadow_yes_of_something_closed_asks_again(
    town: Town, incident: Incident, nina: Person, vera: Person
) -> None:
    look(town, incident, vera, Saw.NOBODY)
    before = incident.state
    look(town, incident, nina, Saw.IMMIGRATION, ICE)
    assert (before, incident.state) == (S.NOT_SEEN, S.UNCONFIRMED), "looked at again, and not confirmed"


def test_unsafe_is_no_vote(town: Town, incident: Incident, nina: Person) -> None:
    assert not look(town, incident, nina, Saw.UNSAFE).shadow


def test_how_often_they_agreed_is_counted_against_what_it_came_to_be(
    town: Town, incident: Incident, nina: Person, vera: Person
) -> None:
    look(town, incident, nina, Saw.IMMIGRATION, ICE)
    assert trial.of(town.session, nina) == trial.Trial(nina, looks=1, compared=0, agreed=0)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    assert trial.of(town.session, nina) == trial.Trial(nina, looks=1, compared=1, agreed=1)
    other = town.incident("hay agentes de ICE en Gage y State en Huntington Park, se llevan a un senor")
    look(town, other, nina, Saw.IMMIGRATION, ICE)
    look(town, other, vera, Saw.OTHER_POLICE)
    assert trial.of(town.session, nina) == trial.Trial(nina, looks=2, compared=2, agreed=1)


def _looks(town: Town, nina: Person, count: int) -> None:
    """At as many places."""
    for n in range(count):
        place = opening.open_at(town.session, opening.Spot(f"place:{n}", "Gage & State", ("hp",)))
        town.session.add(
            Finding(
                incident_id=place.id, person_id=nina.id, person_line=nina.line_id, saw=Saw.NOBODY, mark=f"{n}",
                shadow=True, found_at=now(),
            )
        )  # fmt: skip
    town.session.flush()


def test_a_coordinator_ends_it_after_ten_and_then_their_look_counts(
    town: Town, incident: Incident, nina: Person, vera: Person
) -> None:
    cora = town.person("Cora", Role.COORDINATOR, line="birch")
    _looks(town, nina, settings().trial_findings - 1)
    with pytest.raises(trial.TrialRefused):
        trial.end(town.session, nina, cora)
    _looks(town, nina, 1)
    for person in (vera, nina):
        with pytest.raises(trial.TrialRefused):
            trial.end(town.session, nina, person)
    assert [one.person for one in trial.running(town.session)] == [nina]
    trial.end(town.session, nina, cora)
    assert not look(town, incident, nina, Saw.IMMIGRATION, ICE).shadow
    assert incident.state is S.CONFIRMED and trial.running(town.session) == []
    with pytest.raises(trial.TrialRefused):
        trial.end(town.session, nina, cora)


@pytest.mark.parametrize(
    ("role", "senior", "on_trial"),
    [(Role.VERIFIER, False, True), (Role.VERIFIER, True, False)],
    ids=["new verifier", "senior"],
)
def test_who_begins_on_trial(town: Town, role: Role, senior: bool, on_trial: bool) -> None:
    found = invitations.found(town.session, "cedar", Role.COORDINATOR)
    secret = totp.fresh()
    ana = invitations.accept(town.session, found.token, found.code, "Ana", PASSPHRASE, secret=secret)
    assert not ana.is_on_trial, "a founder"
    told = invitations.invite(town.session, ana, role, senior=senior)
    new = invitations.accept(town.session, told.token, told.code, "Neo", PASSPHRASE, secret=secret)
    assert new.is_on_trial is on_trial


def test_what_is_said_of_one_place_is_one_look_and_only_the_last_is_compared(
    town: Town, incident: Incident, nina: Person, vera: Person
) -> None:
    look(town, incident, nina, Saw.NOBODY)
    look(town, incident, nina, Saw.IMMIGRATION, ICE)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    how = trial.of(town.session, nina)
    assert (how.looks, how.compared, how.agreed, trial.looks(town.session, nina)) == (1, 1, 1, 1)


def test_after_the_last_of_the_first_looks_who_decides_hears_it_once(town: Town, env: Environment) -> None:
    env.set(trial_findings=2)  # before anybody is there: it closes the connection they would stand on
    nina = town.person("Nina")
    nina.trial_began_at = now()
    cora = town.person("Cora", Role.COORDINATOR, line="cedar")
    first, last = town.incident(), town.incident(ELSEWHERE)
    look(town, first, nina, Saw.NOBODY)
    assert town.keys(nina)[-1] == "pages.shadow_noted" and "pages.trial_watch" not in town.keys(cora)
    look(town, last, nina, Saw.NOBODY)
    look(town, last, nina, Saw.GONE)
    assert town.keys(nina)[-1] == "pages.shadow_done" and "of your first" not in town.read(nina)[-1]
    assert town.keys(cora).count("pages.trial_watch") == 1
    trial.end(town.session, nina, cora)
    assert town.keys(nina)[-1] == "pages.trial_over"
