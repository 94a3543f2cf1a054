"""Does the corroboration rule hold, guard clause by guard clause?"""

import pytest
import time_machine
from sqlalchemy import select

from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, findings, verdicts
from bot.moderation.models import Confirmation, Saw
from bot.people.models import Person
from bot.privacy import audit
from tests.moderation.cast import ROSA, Town, later

S = IncidentState
ICE = "6 agents, vests say ICE"


def look(town: Town, incident: Incident, person: Person, saw: Saw, words: str = "", was: str | None = None) -> S | None:
    findings.find(town.session, incident, person, saw, words, was=was)
    return verdicts.judge(town.session, incident)


@pytest.fixture
def vera(town: Town) -> Person:
    return town.person("Vera")


@pytest.fixture
def otto(town: Town) -> Person:
    return town.person("Otto")


@pytest.fixture
def incident(town: Town, vera: Person, otto: Person) -> Incident:
    return town.incident()


def test_seen_and_identified_is_confirmed_on_that_persons_word(town: Town, incident: Incident, vera: Person) -> None:
    assert look(town, incident, vera, Saw.IMMIGRATION, ICE) is S.CONFIRMED
    (row,) = town.session.scalars(select(Confirmation))
    assert (row.person_id, row.person_line) == (vera.id, vera.line_id)
    assert incident.uniform == "ICE" and incident.seen_at is not None


@pytest.mark.parametrize("words", ["", "many men with masks", "unmarked white vans"])
def test_without_what_identified_them_nothing_is_confirmed(
    town: Town, incident: Incident, vera: Person, words: str
) -> None:
    claims.claim(town.session, incident, vera)
    assert look(town, incident, vera, Saw.IMMIGRATION, words) is None
    assert incident.state is S.VERIFYING and incident.uniform == "unknown"
    assert claims.held_by(town.session, incident, vera) is not None, "they are still on it"


@pytest.mark.threat("T06")
def test_anonymous_reports_never_add_up(town: Town, incident: Incident) -> None:
    for n in range(30):
        town.tells(town.phone(), f"veo agentes de ICE en pacific y florence, {n} de ellos con chaleco que dice ICE")
    assert verdicts.judge(town.session, incident) is None and incident.state is S.UNCONFIRMED


def test_something_else_needs_to_be_named(town: Town, incident: Incident, vera: Person) -> None:
    assert look(town, incident, vera, Saw.SOMETHING_ELSE) is None
    assert look(town, incident, vera, Saw.SOMETHING_ELSE, was="tow_truck") is S.DEBUNKED
    assert incident.was == "tow_truck"


def test_other_police_is_debunked_as_police(town: Town, incident: Incident, vera: Person) -> None:
    assert look(town, incident, vera, Saw.OTHER_POLICE) is S.DEBUNKED and incident.was == "police"
    assert town.keys(vera)[-1] == "pages.closed_debunked"


def test_nobody_is_not_seen_and_never_debunked(town: Town, incident: Incident, vera: Person) -> None:
    assert look(town, incident, vera, Saw.NOBODY) is S.NOT_SEEN and incident.looked_at is not None


def test_unsure_once_sends_somebody_else_and_twice_ends_it(
    town: Town, incident: Incident, vera: Person, otto: Person
) -> None:
    claims.claim(town.session, incident, vera)
    assert look(town, incident, vera, Saw.UNSURE) is S.UNCONFIRMED
    assert look(town, incident, otto, Saw.UNSURE) is S.UNVERIFIABLE


def test_a_yes_and_a_no_in_the_window_are_a_dispute_and_void_the_confirmation(
    town: Town, incident: Incident, vera: Person, otto: Person
) -> None:
    sena = town.person("Sena", senior=True, areas=("lb_east",), on=False)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    assert look(town, incident, otto, Saw.NOBODY) is S.DISPUTED
    assert verdicts.live_confirmation(town.session, incident) is None
    assert town.keys(sena) == ["pages.look_disputed"]


def test_a_no_before_the_yes_disputes_too(town: Town, incident: Incident, vera: Person, otto: Person) -> None:
    look(town, incident, otto, Saw.NOBODY)
    assert incident.state is S.NOT_SEEN
    assert look(town, incident, vera, Saw.IMMIGRATION, ICE) is S.DISPUTED, "nobody, then agents: which is it?"


def test_a_no_from_before_a_new_witness_does_not_contradict(
    clock: time_machine.Traveller, town: Town, incident: Incident, vera: Person, otto: Person
) -> None:
    look(town, incident, otto, Saw.NOBODY)
    later(clock, minutes=5)
    town.tells(town.phone(), ROSA)
    later(clock, minutes=5)
    assert look(town, incident, vera, Saw.IMMIGRATION, ICE) is S.CONFIRMED


def test_a_late_no_of_somebody_else_is_a_dispute_while_nobody_was_told(
    clock: time_machine.Traveller, town: Town, incident: Incident, vera: Person, otto: Person
) -> None:
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    later(clock, minutes=16)
    assert look(town, incident, otto, Saw.NOBODY) is S.DISPUTED


def test_an_old_yes_does_not_contradict_the_no_of_whoever_gave_it(
    clock: time_machine.Traveller, town: Town, incident: Incident, vera: Person
) -> None:
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    later(clock, minutes=16)
    assert look(town, incident, vera, Saw.NOBODY) is None and incident.state is S.CONFIRMED


def test_a_person_may_correct_themselves(town: Town, incident: Incident, vera: Person) -> None:
    look(town, incident, vera, Saw.UNSURE)
    assert look(town, incident, vera, Saw.IMMIGRATION, ICE) is S.CONFIRMED


def test_a_dispute_is_settled_by_a_senior_who_looked_after_it_began(
    town: Town, incident: Incident, vera: Person, otto: Person
) -> None:
    sena = town.person("Sena", senior=True)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    look(town, incident, otto, Saw.OTHER_POLICE)
    assert look(town, incident, otto, Saw.OTHER_POLICE, "LBPD on the car") is None, (
        "one of the two again settles nothing"
    )
    assert look(town, incident, sena, Saw.OTHER_POLICE) is S.DEBUNKED


def test_a_dispute_is_settled_by_two_who_agree(town: Town, incident: Incident, vera: Person, otto: Person) -> None:
    third, fourth = town.person("Third"), town.person("Fourth")
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    look(town, incident, otto, Saw.NOBODY)
    assert look(town, incident, third, Saw.IMMIGRATION, ICE) is None
    assert look(town, incident, fourth, Saw.IMMIGRATION, ICE) is S.CONFIRMED
    standing = verdicts.live_confirmation(town.session, incident)
    assert standing is not None and standing.person_id == fourth.id


def test_a_double_click_is_one_finding(town: Town, incident: Incident, vera: Person) -> None:
    first = findings.find(town.session, incident, vera, Saw.IMMIGRATION, ICE)
    assert findings.find(town.session, incident, vera, Saw.IMMIGRATION, ICE) is first
    assert findings.find(town.session, incident, vera, Saw.NOBODY) is not first


def test_judging_twice_confirms_once(town: Town, incident: Incident, vera: Person) -> None:
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    assert verdicts.judge(town.session, incident) is None
    assert len(list(town.session.scalars(select(Confirmation)))) == 1


def test_a_second_look_of_the_same_person_makes_it_fresh(
    clock: time_machine.Traveller, town: Town, incident: Incident, vera: Person
) -> None:
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    before = incident.seen_at
    later(clock, minutes=12)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    standing = verdicts.live_confirmation(town.session, incident)
    assert standing is not None and incident.seen_at is not None and before is not None and incident.seen_at > before


def test_unsafe_says_nothing_of_what_is_there(town: Town, incident: Incident, vera: Person) -> None:
    claims.claim(town.session, incident, vera)
    assert look(town, incident, vera, Saw.UNSAFE) is None
    assert incident.state is S.UNCONFIRMED and claims.holders(town.session, incident) == []


def test_words_are_redacted_and_kept_locked(town: Town, incident: Incident, vera: Person) -> None:
    kept = findings.find(town.session, incident, vera, Saw.IMMIGRATION, "ICE vests, plate 7ABC123")
    assert "7ABC123" not in kept.text and "ICE" in kept.text and kept.locked is not None and b"ICE" not in kept.locked


def test_every_act_is_in_the_audit_chain(town: Town, incident: Incident, vera: Person) -> None:
    claims.claim(town.session, incident, vera)
    look(town, incident, vera, Saw.IMMIGRATION, ICE)
    acts = set(town.session.scalars(select(audit.AuditEntry.act)))
    assert {"claim.held", "finding.immigration", "confirmed"} <= acts
    assert audit.broken_at(town.session) is None
