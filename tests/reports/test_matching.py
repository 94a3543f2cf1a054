"""Told twice, is it one thing? And told by one, is it one witness?"""

import threading

import pytest
import time_machine
from sqlalchemy import func, select

from bot.incidents.models import Incident
from bot.incidents.opening import round_of
from bot.incidents.states import IncidentState
from bot.moderation import claims, closing
from bot.places import gazetteer
from bot.reports import intake, keeping, matching, witnesses
from bot.reports.copies import marks, same_text
from bot.reports.models import Report, ReportKind
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later
from tests.services.settings import Environment

FORWARDED = "REENVIADO: " + LUIS
VAGUE = "hay migra en huntington park, vi varios agentes con chaleco"


ALREADY_READ_SECONDS = 2.0
"""PostgreSQL lets the second read meanwhile; on SQLite they have not begun."""


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


HERE_IN_VESTS = "ice at slauson and pacific right now, 5 agents, their vests say ICE"
THERE_IN_VESTS = "veo a ICE en gage y seville ahorita, como 6 agentes con chalecos"
HERE_IN_CARS = "ice at slauson and pacific right now, 5 agents, 2 white vans"
THERE_IN_CARS = "la migra en gage y seville, como 5 de ICE en 2 vans blancas, ahorita"


def test_what_any_agents_have_alike_makes_no_two_corners_one(town: Town) -> None:
    first, second = town.tells(town.phone(), HERE_IN_VESTS), town.tells(town.phone(), THERE_IN_VESTS)
    assert first.incident is not None and second.incident is not first.incident


def test_the_same_cars_some_blocks_on_have_moved_and_are_looked_for_there(town: Town) -> None:
    first, second = town.tells(town.phone(), HERE_IN_CARS), town.tells(town.phone(), THERE_IN_CARS)
    assert second.incident is first.incident and second.incident is not None
    assert second.incident.place_key == second.place_key != first.place_key
    assert matching.placed_it_anew(town.session, second) and not matching.placed_it_anew(town.session, first)
    third = town.tells(town.phone(), "siguen en gage y seville, 2 vans blancas de ICE")
    assert third.incident is first.incident and not matching.placed_it_anew(town.session, third)


def test_the_one_street_that_was_named_says_which_of_two_it_is(town: Town) -> None:
    on_gage, on_slauson = town.tells(town.phone(), "ice at gage and miles, 4 agents"), town.tells(town.phone(), ON_FOOT)
    assert on_gage.incident is not on_slauson.incident
    along = town.tells(town.phone(), "la migra en la gage en huntington park")
    assert along.incident is on_gage.incident, "though the other was told of last"
    assert town.tells(town.phone(), "ICE on slauson huntington park").incident is on_slauson.incident


ON_FOOT = "veo a la migra en slauson y pacific ahorita, 5 agentes parados"


@pytest.mark.parametrize(
    "said", ["se movieron a gage y seville, son como 5", "they moved to gage and seville, 5 agents"]
)
def test_whoever_says_that_they_moved_there_needs_no_cars_to_be_believed(town: Town, said: str) -> None:
    first, second = town.tells(town.phone(), ON_FOOT), town.tells(town.phone(), said)
    assert second.incident is first.incident and second.incident is not None
    assert second.incident.place_key == second.place_key != first.place_key


def test_what_says_that_it_moved_and_looks_like_nothing_around_here_is_another(town: Town) -> None:
    first = town.tells(town.phone(), "ice at slauson and pacific right now, 2 agents with a dog standing there")
    second = town.tells(town.phone(), "se movieron a gage y seville, 20 de border patrol con retenes")
    assert second.incident is not None and second.incident is not first.incident


def test_nobody_on_the_way_is_sent_elsewhere_by_a_word_that_they_moved(town: Town) -> None:
    first = town.tells(town.phone(), ON_FOOT)
    assert first.incident is not None
    claims.claim(town.session, first.incident, town.person("vera"))
    second = town.tells(town.phone(), "se movieron a gage y seville, son como 5")
    assert second.incident is not first.incident and first.incident.place_key == first.place_key


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


def test_who_asks_about_three_places_asks_about_none_three_times(town: Town) -> None:
    for corner in ("pacific y florence", "gage y state", "slauson y boyle"):
        asked = town.tells(town.phone(), f"es cierto que hay migra en {corner} en huntington park", ReportKind.RUMOR)
        assert asked.place_key is not None and asked.incident is None


def test_who_asked_before_anybody_reported_it_is_told_what_it_was(town: Town) -> None:
    asked = town.tells(town.phone(), "es cierto que hay migra en pacific y florence", ReportKind.RUMOR)
    assert asked.incident is None
    incident = town.tells(town.phone()).incident
    assert incident is not None and asked.incident_id == incident.id


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


@pytest.mark.threat("T07")
def test_what_was_redacted_is_nowhere_in_what_is_kept(town: Town) -> None:
    report = town.tells(town.phone(), "ICE en pacific y florence, placa 7ABC123, llamen al 323-555-0142")
    assert "7ABC123" not in report.text and "0142" not in report.text


@pytest.mark.threat("T07")
def test_a_report_names_its_sender_by_a_random_short_id(town: Town) -> None:
    """Pitfall 10 (`tests/truth/test_pitfalls.py`): a sequential id leaks who and how many."""
    ids = [town.tells(town.phone()).pseudonym for _ in range(5)]
    assert len(set(ids)) == 5 and all(len(one) == 6 for one in ids)


def test_a_short_id_that_is_taken_is_not_given_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(("aaaaaa", "aaaaaa", "bbbbbb"))
    monkeypatch.setattr(keeping, "short_id", lambda: next(drawn))
    assert [town.tells(town.phone()).pseudonym for _ in range(2)] == ["aaaaaa", "bbbbbb"]


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


def test_of_two_who_say_where_it_is_at_once_the_first_is_heard(database_url: str) -> None:
    """The one who told, and a dispatcher: the other has read it without a place, and waits."""
    here, there = gazetteer.find("gage y pacific"), gazetteer.find("florence y state")
    with writing() as session:
        lost = matching.file(
            session, contact=None, text="hay migra", language="es", kind=ReportKind.REPORT,
            sighting=intake.read("hay migra", "es"),
        ).id  # fmt: skip
    read = threading.Event()

    def says_otherwise() -> None:
        with writing() as session:
            report = session.get_one(Report, lost)
            read.set()
            matching.locate(session, report, there)

    other = threading.Thread(target=says_otherwise)
    with writing() as session:
        matching.locate(session, session.get_one(Report, lost), here)
        other.start()
        read.wait(ALREADY_READ_SECONDS)
    other.join()
    with reading() as session:
        (incident,) = session.scalars(select(Incident))
        assert session.get_one(Report, lost).incident_id == incident.id
        assert incident.place_key == here.key
