"""Are two incidents one, exactly once, and is nobody told anything false by it? And two again, when they prove to be two?"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.alerts import desk, known, release
from bot.alerts.models import Alert
from bot.incidents.holding import survivor
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.states import IncidentState
from bot.moderation import choices, claims, closing, findings, outcomes, paging, queue, regrouping, sweeping, verdicts
from bot.moderation.asking_models import Page
from bot.moderation.dispatch_models import Regrouping
from bot.moderation.models import ClaimState, Finding, Saw
from bot.moderation.refusals import Refused
from bot.outbox import fuse
from bot.people.models import Person, Role
from bot.places import gazetteer
from bot.privacy import audit
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later

S = IncidentState


def pair(town: Town) -> tuple[Incident, Incident]:
    """Gage and State, which goes; Pacific and Florence, which stays."""
    return town.incident(ELSEWHERE), town.incident(LUIS)


def test_the_reports_go_along_and_the_other_ends_without_an_outcome(town: Town, dora: Person) -> None:
    away, into = pair(town)
    (told,) = town.session.scalars(select(Report).where(Report.incident_id == away.id))
    regrouping.merge(town.session, away, into, dora)
    assert told.incident_id == into.id and len(into_reports(town, into)) == 2
    assert (away.state, away.merged_into, away.is_open) == (S.MERGED, into.id, False)
    assert outcomes.standing(town.session, away) is None and outcomes.tell(town.session, away) == 0
    assert survivor(town.session, away) is into


def into_reports(town: Town, incident: Incident) -> list[Report]:
    return list(town.session.scalars(select(Report).where(Report.incident_id == incident.id)))


def test_every_reporter_hears_what_the_surviving_one_becomes_once(town: Town, dora: Person) -> None:
    luis, gabi, both = town.phone("es"), town.phone("es"), town.phone("en")
    away, into = town.tells(gabi, ELSEWHERE).incident, town.tells(luis).incident
    town.tells(both, ELSEWHERE)
    town.tells(both, ROSA)
    assert away is not None and into is not None
    regrouping.merge(town.session, away, into, dora)
    vera = town.person("Vera")
    claims.claim(town.session, into, vera)
    outcomes.tell(town.session, into)
    findings.find(town.session, into, vera, Saw.OTHER_POLICE)
    verdicts.judge(town.session, into)
    for _ in range(3):
        outcomes.tell(town.session, into)
        outcomes.tell(town.session, away)
    for one in (luis, gabi, both):
        assert town.keys(one) == ["outcomes.checking", "outcomes.was"]


def test_who_was_told_that_it_is_checked_hears_that_no_second_time(town: Town, dora: Person) -> None:
    gabi = town.phone()
    away, into = town.tells(gabi, ELSEWHERE).incident, town.incident(LUIS)
    assert away is not None
    claims.claim(town.session, away, town.person("Nora"))
    claims.claim(town.session, into, town.person("Vera"))
    outcomes.tell(town.session, away)
    regrouping.merge(town.session, away, into, dora)
    outcomes.tell(town.session, into)
    assert town.keys(gabi) == ["outcomes.checking"]


def test_who_told_of_both_hears_no_second_time_what_they_heard_of_the_one(town: Town, dora: Person) -> None:
    both = town.phone()
    into, away = town.tells(both, LUIS).incident, town.tells(both, ELSEWHERE).incident
    assert into is not None and away is not None and into is not away
    claims.claim(town.session, into, town.person("Vera"))
    outcomes.tell(town.session, into)
    regrouping.merge(town.session, away, into, dora)
    outcomes.tell(town.session, into)
    assert town.keys(both) == ["outcomes.checking"]


def test_who_tells_anew_after_they_heard_it_hears_what_became_of_that_too(
    town: Town, dora: Person, clock: time_machine.Traveller
) -> None:
    both = town.phone()
    into = town.tells(both, LUIS).incident
    assert into is not None
    claims.claim(town.session, into, town.person("Vera"))
    outcomes.tell(town.session, into)
    later(clock, minutes=5)
    away = town.tells(both, ELSEWHERE).incident
    assert away is not None and away is not into
    regrouping.merge(town.session, away, into, dora)
    outcomes.tell(town.session, into)
    assert town.keys(both) == ["outcomes.checking"] * 2


def test_what_was_found_stays_where_it_was_found(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    away, into = pair(town)
    desk.found(town.session, away, vera, Saw.UNSURE, "somebody in a vest")
    regrouping.merge(town.session, away, into, dora)
    (finding,) = town.session.scalars(select(Finding))
    assert finding.incident_id == away.id
    assert findings.of(town.session, into) == [] and verdicts.judge(town.session, into) is None
    assert {page.incident_id for page in town.session.scalars(select(Page))} == {away.id, into.id}


def test_whoever_was_on_the_way_hears_so_and_may_take_the_other(town: Town, dora: Person) -> None:
    away, into = pair(town)
    vera = town.person("Vera")
    claim = claims.claim(town.session, away, vera)
    going = [one for one in choices.open_choices(town.session, vera) if one.incident_id == away.id]
    regrouping.merge(town.session, away, into, dora)
    assert claim.state is ClaimState.DONE
    assert town.keys(vera)[-2:] == ["pages.one_with_another", "pages.look"]
    assert going and all(one.used_at is not None for one in going)
    assert {one.incident_id for one in choices.open_choices(town.session, vera)} == {into.id}


def test_nobody_is_asked_to_look_at_what_they_reported_themselves(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    away = town.incident(ELSEWHERE)
    into = town.tells(vera.contact, LUIS).incident
    assert into is not None and "pages.look" in town.keys(vera)
    regrouping.merge(town.session, away, into, dora)
    assert town.keys(vera)[-1] == "pages.one_with_another"


def test_nobody_is_sent_where_somebody_is_already(town: Town, dora: Person) -> None:
    vera, nora = town.person("Vera"), town.person("Nora")
    away, into = pair(town)
    claims.claim(town.session, into, nora)
    regrouping.merge(town.session, away, into, dora)
    assert "pages.one_with_another" in town.keys(vera) and town.keys(vera).count("pages.look") == 2


def test_a_look_or_a_claim_at_the_one_that_is_no_more_is_refused(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    away, into = pair(town)
    regrouping.merge(town.session, away, into, dora)
    with pytest.raises(Refused):
        findings.find(town.session, away, vera, Saw.NOBODY)
    with pytest.raises(Refused):
        claims.claim(town.session, away, vera)
    assert paging.widen(town.session, away) == [] or away.state is S.MERGED


@pytest.mark.parametrize(
    "state", [S.CONFIRMED, S.DISPUTED, S.DEBUNKED, S.NOT_SEEN, S.UNVERIFIABLE, S.ENDED, S.RETRACTED]
)
def test_what_somebody_decided_about_is_not_merged_away(town: Town, dora: Person, state: IncidentState) -> None:
    away, into = pair(town)
    away.state, away.was = state, "police" if state is S.DEBUNKED else None
    town.session.flush()
    with pytest.raises(Refused) as refused:
        regrouping.merge(town.session, away, into, dora)
    assert refused.value.key == "console.merge.not_this_one" and into_reports(town, away)


def test_nothing_is_merged_into_what_is_over_or_into_itself(town: Town, dora: Person) -> None:
    away, into = pair(town)
    closing.close(town.session, into, S.UNVERIFIABLE)
    for target, key in ((into, "not_into_closed"), (away, "itself")):
        with pytest.raises(Refused) as refused:
            regrouping.merge(town.session, away, target, dora)
        assert refused.value.key == f"console.merge.{key}"


def told(town: Town, incident: Incident) -> Alert:
    desk.found(town.session, incident, town.person("Vera"), Saw.IMMIGRATION, "vests", uniform="ICE")
    (alert,) = town.session.scalars(select(Alert).where(Alert.incident_id == incident.id))
    release.release(town.session, alert, town.person("Luz", Role.ORGANIZER, line="elm"), fuse.words_of(alert.broadcast))
    return alert


@pytest.mark.parametrize("out", [False, True])
def test_once_it_is_confirmed_no_merge_changes_whom_its_alert_is_for(town: Town, dora: Person, out: bool) -> None:
    away, into = pair(town)
    if out:
        told(town, into)
    else:
        desk.found(town.session, into, town.person("Vera"), Saw.IMMIGRATION, "vests", uniform="ICE")
    assert into.state is S.CONFIRMED
    away.areas.append(IncidentArea(neighborhood="maywood"))
    town.session.flush()
    before = into.neighborhoods
    with pytest.raises(Refused) as refused:
        regrouping.merge(town.session, away, into, dora)
    assert refused.value.key == "console.merge.other_audience" and into.neighborhoods == before
    away.areas = [area for area in away.areas if area.neighborhood != "maywood"]
    town.session.flush()
    regrouping.merge(town.session, away, into, dora)
    assert into.neighborhoods == before


def test_who_joins_what_was_told_hears_that_it_was(town: Town, dora: Person) -> None:
    gabi = town.phone()
    into = town.incident(LUIS)
    told(town, into)
    away = town.tells(gabi, ELSEWHERE).incident
    assert away is not None
    regrouping.merge(town.session, away, into, dora)
    assert town.keys(gabi) == ["outcomes.told"]


def test_before_that_the_one_takes_on_the_neighborhoods_of_both(town: Town, dora: Person) -> None:
    away, into = pair(town)
    away.areas.append(IncidentArea(neighborhood="maywood"))
    away.sensitive = True
    town.session.flush()
    made = regrouping.merge(town.session, away, into, dora)
    assert "maywood" in into.neighborhoods and into.sensitive
    regrouping.undo(town.session, made, dora)
    town.session.expire_all()
    assert "maywood" not in into.neighborhoods and not into.sensitive and away.neighborhoods == ("hp", "maywood")


def test_of_two_schools_one_stays_when_the_other_goes(town: Town, dora: Person) -> None:
    one, into = pair(town)
    other = town.incident("hay agentes de ICE en Slauson y Boyle en Huntington Park, tres camionetas")
    one.sensitive = other.sensitive = True
    town.session.flush()
    first, second = (regrouping.merge(town.session, school, into, dora) for school in (one, other))
    regrouping.undo(town.session, first, dora)
    assert into.sensitive
    regrouping.undo(town.session, second, dora)
    assert not into.sensitive


def test_what_was_told_since_may_be_about_the_school(town: Town, dora: Person) -> None:
    away, into = pair(town)
    away.sensitive = True
    town.session.flush()
    made = regrouping.merge(town.session, away, into, dora)
    assert town.tells(town.phone("en"), ROSA).incident is into
    regrouping.undo(town.session, made, dora)
    assert into.sensitive


def test_undone_each_has_its_own_again_and_is_looked_at_anew(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    away, into = pair(town)
    (gabis,), (luises,) = into_reports(town, away), into_reports(town, into)
    made = regrouping.merge(town.session, away, into, dora)
    closing.close(town.session, into, S.UNVERIFIABLE)
    outcomes.tell(town.session, into)
    regrouping.undo(town.session, made, dora)
    assert (gabis.incident_id, luises.incident_id) == (away.id, into.id)
    assert (away.state, away.merged_into) == (S.UNCONFIRMED, None)
    assert [page.person_id for page in paging.pages_of(town.session, away)] == [vera.id]
    closing.close(town.session, away, S.UNVERIFIABLE)
    assert outcomes.tell(town.session, away) == 1, "the outcome of the other was not theirs"
    with pytest.raises(Refused):
        regrouping.undo(town.session, made, dora)


def test_the_neighborhoods_of_what_was_told_meanwhile_stay(town: Town, dora: Person) -> None:
    away, into = pair(town)
    away.areas.append(IncidentArea(neighborhood="maywood"))
    town.session.flush()
    made = regrouping.merge(town.session, away, into, dora)
    told(town, into)
    regrouping.undo(town.session, made, dora)
    assert "maywood" in into.neighborhoods


def test_a_report_of_its_place_joins_what_it_is_part_of(town: Town, dora: Person) -> None:
    away, into = pair(town)
    regrouping.merge(town.session, away, into, dora)
    assert town.tells(town.phone(), ELSEWHERE).incident_id == into.id


def test_check_the_queue_and_the_sweeps_know_only_the_one(town: Town, dora: Person) -> None:
    away, into = pair(town)
    regrouping.merge(town.session, away, into, dora)
    said = known.of_place(town.session, gazetteer.find("gage y state huntington park"))
    assert said.kind == "unchecked" and said.incident is into
    assert [row.incident.id for row in queue.waiting(town.session)] == [into.id]
    assert away.id not in sweeping._too_long_open(town.session)
    assert away.id not in sweeping._owed_an_answer(town.session)


def test_it_is_in_the_chain_of_acts_both_ways(town: Town, dora: Person) -> None:
    away, into = pair(town)
    made = regrouping.merge(town.session, away, into, dora)
    regrouping.undo(town.session, made, dora)
    acts = [
        (entry.act, entry.subject, entry.detail, entry.person_id)
        for entry in town.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id))
        if entry.act.startswith("incident.")
    ]
    assert acts == [
        (f"incident.{act}", f"incident:{away.id}", f"incident:{into.id}", dora.id) for act in ("merged", "parted")
    ]
    assert audit.broken_at(town.session) is None


@pytest.mark.parametrize(
    "values", ["state = 'merged'", "merged_into = id", "state = 'merged', merged_into = id", "merged_into = {into}"]
)
def test_the_database_knows_no_half_merged_incident(town: Town, values: str) -> None:
    away, into = pair(town)
    changed = f"UPDATE incident SET {values.format(into=into.id)} WHERE id = {away.id}"  # noqa: S608
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.execute(text(changed))


def test_of_two_who_merge_them_both_ways_at_once_one_is_refused(database_url: str, env: object) -> None:
    """Each holds both in the order of their ids: nobody waits in a ring, and no incident is part of itself."""
    with writing() as session:
        town = Town(session)
        one, other = (incident.id for incident in pair(town))
        dora = town.person("Dora", Role.DISPATCHER, phone=False).id
    together = Barrier(2)

    def merge(both: tuple[int, int]) -> bool:
        together.wait()
        try:
            with writing() as session:
                away, into = (session.get_one(Incident, id_) for id_ in both)
                regrouping.merge(session, away, into, session.get_one(Person, dora))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(merge, [(one, other), (other, one)])) == [False, True]
    with reading() as session:
        assert len(list(session.scalars(select(Regrouping)))) == 1
        (left,) = session.scalars(select(Incident).where(Incident.merged_into.is_(None)))
        assert {report.incident_id for report in session.scalars(select(Report))} == {left.id}
        assert audit.broken_at(session) is None
