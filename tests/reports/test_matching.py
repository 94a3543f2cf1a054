"""Told twice, is it one thing? And told by one, is it one witness?"""

import threading

import pytest
import time_machine
from sqlalchemy import func, select

from bot.incidents.models import Incident, IncidentState
from bot.incidents.opening import round_of
from bot.moderation import closing
from bot.places import gazetteer
from bot.reports import intake, matching, witnesses
from bot.reports.copies import marks, same_text
from bot.reports.models import Report, ReportKind
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later
from tests.services.settings import Environment

FORWARDED = "REENVIADO: " + LUIS
VAGUE = "hay migra en huntington park, vi varios agentes con chaleco"


def seen(town: Town, incident: Incident) -> int:
    return len(witnesses.independent(witnesses.reports_of(town.session, incident)))


def test_a_second_resident_of_the_same_corner_joins_the_same_incident(town: Town) -> None:
    first, second = town.tells(town.phone()), town.tells(town.phone(), ROSA)
    assert first.incident is not None and second.incident is first.incident
    assert seen(town, first.incident) == 2


def test_a_corner_on_a_border_belongs_to_both_neighborhoods(town: Town) -> None:
    incident = town.tells(town.phone()).incident
    assert incident is not None and incident.neighborhoods == ("hp", "walnut_park")


def test_another_corner_is_another_incident(town: Town) -> None:
    assert town.tells(town.phone()).incident is not town.tells(town.phone(), ELSEWHERE).incident


def test_the_same_number_twice_counts_once(town: Town) -> None:
    luis = town.phone()
    town.tells(luis)
    incident = town.tells(luis, "siguen en pacific y florence los de la migra, muchos").incident
    assert incident is not None and seen(town, incident) == 1


def test_copied_words_count_once(town: Town) -> None:
    town.tells(town.phone())
    incident = town.tells(town.phone(), FORWARDED).incident
    assert incident is not None and seen(town, incident) == 1


def test_short_texts_are_alike_by_chance_and_count_apart(env: Environment) -> None:
    short = "hay migra en la pacific y florence"
    assert not same_text(marks(short), marks(short))
    assert same_text(marks(LUIS), marks(FORWARDED)) and not same_text(marks(LUIS), marks(ROSA))


def test_the_words_are_kept_as_keyed_hashes(town: Town) -> None:
    report = town.tells(town.phone())
    assert report.words and not {"migra", "florence", "camionetas"} & set(report.words)


def test_a_rumor_counts_nothing_and_joins(town: Town) -> None:
    incident = town.tells(town.phone()).incident
    rumor = town.tells(town.phone(), "me dijeron que hay migra en pacific y florence", ReportKind.RUMOR)
    assert incident is not None and rumor.incident is incident and seen(town, incident) == 1


def test_a_rumor_alone_opens_nothing(town: Town) -> None:
    assert town.tells(town.phone(), LUIS, ReportKind.RUMOR).incident is None


def test_several_who_ask_about_one_place_open_a_quiet_incident(town: Town) -> None:
    curious = town.phone()
    asked = [town.tells(who, LUIS, ReportKind.RUMOR) for who in (curious, curious, town.phone())]
    assert all(one.incident is None for one in asked), "one person asking twice is one"
    incident = town.tells(town.phone(), LUIS, ReportKind.RUMOR).incident
    assert incident is not None and incident.asked_only
    assert {one.incident_id for one in asked} == {incident.id}
    assert town.tells(town.phone()).incident is incident and not incident.asked_only, "now somebody saw it"


def test_a_report_without_a_place_waits_until_the_person_says_where(town: Town) -> None:
    report = town.tells(town.phone(), "hay migra aqui ahorita ayuda")
    assert report.incident is None
    matching.locate(town.session, report, gazetteer.find("pacific y florence"))
    assert report.incident is not None and report.incident.place == "Pacific & Florence"


def test_a_place_that_must_be_asked_back_opens_nothing(town: Town) -> None:
    report = town.tells(town.phone(), "hay migra en la atlantic ahorita")
    assert report.incident is None
    assert matching.locate(town.session, report, gazetteer.find("atlantic")) is None


def test_a_report_outside_our_area_opens_nothing(town: Town) -> None:
    assert town.tells(town.phone(), "hay migra en boyle heights en la cesar chavez").incident is None


def test_a_corner_places_what_was_known_by_neighborhood_only(town: Town) -> None:
    incident = town.tells(town.phone(), VAGUE).incident
    assert incident is not None and incident.latitude is None
    assert town.tells(town.phone(), ELSEWHERE).incident is incident
    assert incident.latitude is not None and incident.place_key.startswith("corner:")


def test_an_emergency_is_never_an_incident(town: Town) -> None:
    assert town.tells(town.phone(), LUIS, ReportKind.EMERGENCY).incident is None


def test_after_the_window_it_is_another_incident(clock: time_machine.Traveller, town: Town) -> None:
    first = town.tells(town.phone()).incident
    later(clock, minutes=61)
    assert town.tells(town.phone(), ROSA).incident is not first


@pytest.mark.parametrize("state", [IncidentState.NOT_SEEN, IncidentState.UNVERIFIABLE])
def test_a_new_witness_opens_it_again_and_a_copy_does_not(town: Town, state: IncidentState) -> None:
    luis = town.phone()
    incident = town.tells(luis).incident
    assert incident is not None
    if state is IncidentState.NOT_SEEN:
        incident.becomes(town.session, IncidentState.VERIFYING)
    closing.close(town.session, incident, state)
    assert town.tells(town.phone(), FORWARDED).incident is incident and incident.state is state
    assert town.tells(luis, ROSA).incident is incident and incident.state is state
    assert town.tells(town.phone(), "yo tambien los veo en pacific y florence con rifles").incident is incident
    assert incident.state is IncidentState.UNCONFIRMED and round_of(town.session, incident) == 1


def test_what_was_redacted_is_nowhere_in_what_is_kept(town: Town) -> None:
    report = town.tells(town.phone(), "ICE en pacific y florence, placa 7ABC123, llamen al 323-555-0142")
    assert "7ABC123" not in report.text and "0142" not in report.text


def test_a_report_names_its_sender_by_a_random_short_id(town: Town) -> None:
    """Pitfall 10 (facts/peers.md 7): a sequential id leaks who and how many."""
    ids = [town.tells(town.phone()).pseudonym for _ in range(5)]
    assert len(set(ids)) == 5 and all(len(one) == 6 for one in ids)


def test_two_reports_in_one_second_open_one_incident(database_url: str) -> None:
    with reading():
        gazetteer.warm_up()
    start = threading.Barrier(4)

    def tell(n: int) -> None:
        start.wait()
        with writing() as session:
            sighting = intake.read(LUIS, "es")
            matching.file(session, contact=None, text=LUIS, language="es", kind=ReportKind.REPORT, sighting=sighting)

    people = [threading.Thread(target=tell, args=(n,)) for n in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with reading() as session:
        assert session.scalar(select(func.count(Report.id))) == 4
        assert session.scalar(select(func.count(Incident.id))) == 1
