"""Do reports of another place leave, to where they belong, and nothing else with them?"""

import pytest
import time_machine
from sqlalchemy import select

from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import closing, findings, outcomes, paging, regrouping, splitting, verdicts
from bot.moderation.dispatch_models import Regroup
from bot.moderation.models import Saw
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.places import gazetteer
from bot.reports import matching
from bot.reports.models import Report, ReportKind
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later

S = IncidentState
Mixed = tuple[Incident, Report, Report]
GAGE = "gage y state, huntington park"


@pytest.fixture
def mixed(town: Town) -> Mixed:
    """Two reports of one incident, of which the second is about another corner."""
    luis = town.tells(town.phone())
    rosa = town.tells(town.phone("en"), ROSA)
    assert luis.incident is not None and rosa.incident is luis.incident
    return luis.incident, luis, rosa


def test_the_chosen_ones_become_an_incident_of_their_own_place(town: Town, dora: Person, mixed: Mixed) -> None:
    vera = town.person("Vera")
    incident, luis, rosa = mixed
    fresh = splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    assert fresh is not incident and fresh.place_key == gazetteer.find(GAGE).key and fresh.state is S.UNCONFIRMED
    assert (luis.incident_id, rosa.incident_id) == (incident.id, fresh.id)
    assert [page.person_id for page in paging.pages_of(town.session, fresh)] == [vera.id]
    (made,) = regrouping.standing(town.session, fresh)
    assert (made.kind, made.from_id, made.into_id, made.person_id) == (Regroup.SPLIT, incident.id, fresh.id, dora.id)


def test_they_join_what_is_open_at_that_place(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, _, rosa = mixed
    there = town.incident(ELSEWHERE)
    assert splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora) is there
    assert len(list(town.session.scalars(select(Incident)))) == 2


def test_what_was_found_and_who_goes_stays(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, _, rosa = mixed
    vera = town.person("Vera")
    findings.find(town.session, incident, vera, Saw.IMMIGRATION, uniform="ICE")
    verdicts.judge(town.session, incident)
    fresh = splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    assert incident.state is S.CONFIRMED and verdicts.live_confirmation(town.session, incident) is not None
    assert findings.of(town.session, fresh) == [] and fresh.state is S.UNCONFIRMED


def test_each_hears_its_own_outcome_once_whatever_the_other_heard(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, luis, rosa = mixed
    closing.close(town.session, incident, S.UNVERIFIABLE)
    outcomes.tell(town.session, incident)
    fresh = splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    closing.close(town.session, fresh, S.UNVERIFIABLE)
    for _ in range(2):
        outcomes.tell(town.session, fresh)
        outcomes.tell(town.session, incident)
    heard = [town.keys(town.session.get_one(Contact, report.contact_id)) for report in (luis, rosa)]
    assert heard == [["outcomes.unverifiable"], ["outcomes.unverifiable"] * 2]


def test_that_nobody_could_check_the_very_same_place_is_said_once(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, luis, _ = mixed
    closing.close(town.session, incident, S.UNVERIFIABLE)
    outcomes.tell(town.session, incident)
    fresh = splitting.split(town.session, incident, [luis.pseudonym], gazetteer.find(incident.place), dora)
    assert fresh is not incident and fresh.place_key == incident.place_key
    closing.close(town.session, fresh, S.UNVERIFIABLE)
    outcomes.tell(town.session, fresh)
    assert town.keys(town.session.get_one(Contact, luis.contact_id)) == ["outcomes.unverifiable"]


def test_what_is_left_counts_its_own_witnesses(town: Town, dora: Person) -> None:
    luis = town.phone()
    one, other = town.tells(luis), town.tells(luis, ROSA)
    incident = one.incident
    assert incident is not None and other.set_aside is not None
    fresh = splitting.split(town.session, incident, [other.pseudonym], gazetteer.find(GAGE), dora)
    assert other.set_aside is None and fresh.id == other.incident_id


def test_only_questions_left_is_only_asked_about(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, luis, rosa = mixed
    town.tells(town.phone(), LUIS, ReportKind.RUMOR)
    fresh = splitting.split(town.session, incident, [luis.pseudonym, rosa.pseudonym], gazetteer.find(GAGE), dora)
    assert incident.asked_only and not fresh.asked_only


@pytest.mark.parametrize(
    ("which", "place", "key"),
    [
        ("none", GAGE, "none"),
        ("all", GAGE, "all"),
        ("one", "", "no_place"),
        ("one", "over there by the thing", "no_place"),
    ],
)
def test_it_takes_some_reports_and_a_place(
    town: Town,
    dora: Person,
    mixed: Mixed,
    which: str,
    place: str,
    key: str,
) -> None:
    incident, luis, rosa = mixed
    chosen = {"none": ["nobody"], "all": [luis.pseudonym, rosa.pseudonym], "one": [rosa.pseudonym]}[which]
    with pytest.raises(Refused) as refused:
        splitting.split(town.session, incident, chosen, gazetteer.find(place), dora)
    assert refused.value.key == f"console.split.{key}" and rosa.incident is incident


@pytest.mark.parametrize("state", [S.ENDED, S.RETRACTED])
def test_what_was_told_and_is_over_stays_as_it_was(
    town: Town, dora: Person, mixed: Mixed, state: IncidentState
) -> None:
    incident, _, rosa = mixed
    incident.state = state
    town.session.flush()
    with pytest.raises(Refused) as refused:
        splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    assert refused.value.key == "console.split.closed"


def test_nobody_is_sent_to_look_for_what_was_there_long_ago(
    clock: time_machine.Traveller, town: Town, dora: Person, mixed: Mixed
) -> None:
    incident, _, rosa = mixed
    later(clock, minutes=90)
    assert matching.too_late(rosa)
    with pytest.raises(Refused) as refused:
        splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    assert refused.value.key == "console.split.too_old"


def test_a_split_goes_back_by_a_merge(town: Town, dora: Person, mixed: Mixed) -> None:
    incident, _, rosa = mixed
    fresh = splitting.split(town.session, incident, [rosa.pseudonym], gazetteer.find(GAGE), dora)
    regrouping.merge(town.session, fresh, incident, dora)
    assert rosa.incident is incident and fresh.state is S.MERGED
