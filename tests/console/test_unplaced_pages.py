"""Texts that named no place we know: one line below the queue, a page for those who dispatch, and a place by their word."""

import re

import pytest
from sqlalchemy import select

from bot.clock import ago
from bot.contacts.models import Channel, find_or_add
from bot.inbox import asking
from bot.incidents.models import Incident
from bot.moderation import placing
from bot.moderation.asking_models import Page
from bot.moderation.refusals import Refused
from bot.people import shifts
from bot.people.models import Person, PersonArea
from bot.places import gazetteer
from bot.privacy.audit import AuditEntry
from bot.reports.models import Report, ReportKind
from bot.settings import settings
from bot.store.changed import count
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, People, reported
from tests.console.desk import Browser
from tests.console.test_no_numbers import LIKE_A_NUMBER
from tests.services.settings import Environment

SOMEWHERE = "hay agentes de ICE llevandose a un senor ahorita, son 6 agentes"
GAGE = "gage y state, huntington park"


@pytest.fixture
def lost(people: People) -> Report:
    """Somebody told of it and named no place; we asked where."""
    with writing() as session:
        report = reported(session, NUMBERS[5], SOMEWHERE)
        assert report.contact_id is not None and report.incident is None
        asking.conversation(session, report.contact_id).ask("report_place", report=report.id, tries=1)
        return report


def kept(report: Report) -> Report:
    with reading() as session:
        return session.get_one(Report, report.id)


def test_it_is_one_line_below_the_queue_and_a_page_of_its_own(dora: Browser, lost: Report) -> None:
    assert "1 text whose place we did not find" in dora.reads("/")
    said = dora.reads("/unplaced")
    assert SOMEWHERE in said and lost.pseudonym in said and "6 ICE agents" in said
    assert "Español" in said
    assert "We asked where. No answer yet." in said and not LIKE_A_NUMBER.search(said)


def test_it_is_said_in_spanish(dora: Browser, people: People, lost: Report) -> None:
    with writing() as session:
        session.get_one(Person, people.dora.id).language = "es"
    assert "1 mensaje cuyo lugar no encontramos" in dora.reads("/")
    assert "Preguntamos dónde. Aún no contestan." in dora.reads("/unplaced")


def test_a_verifier_sees_how_many_and_no_words(vera: Browser, lost: Report) -> None:
    said = vera.reads("/")
    assert "1 text whose place we did not find" in said and "/unplaced" not in said and SOMEWHERE not in said
    assert vera.opens("/unplaced").status_code == 403
    assert vera.sends(f"/unplaced/{lost.pseudonym}/place", place=GAGE).status_code == 403
    assert kept(lost).place_key is None


def test_where_none_is_without_its_place_there_is_no_line(dora: Browser, people: People) -> None:
    assert "place we did not find" not in dora.reads("/")
    assert "Every text of the last hour has its place." in dora.reads("/unplaced")


def test_a_cry_for_help_is_never_listed(dora: Browser, people: People) -> None:
    with writing() as session:
        cry = reported(session, NUMBERS[5], "they are at my door help", ReportKind.EMERGENCY)
    assert "place we did not find" not in dora.reads("/") and "at my door" not in dora.reads("/unplaced")
    assert "It has its place already" in dora.does(f"/unplaced/{cry.pseudonym}/place", place=GAGE)
    assert kept(cry).place_key is None


def test_what_is_too_old_to_be_looked_at_leaves_the_list_and_is_given_no_place(dora: Browser, lost: Report) -> None:
    with writing() as session:
        session.get_one(Report, lost.id).received_at = ago(minutes=settings().match_window_minutes)
    assert SOMEWHERE not in dora.reads("/unplaced")
    assert "It has its place already, or is too old by now" in dora.does(
        f"/unplaced/{lost.pseudonym}/place", place=GAGE
    )
    assert kept(lost).place_key is None


def test_given_its_place_it_opens_its_incident_and_leaves_the_list(dora: Browser, people: People, lost: Report) -> None:
    with writing() as session:
        vera = session.get_one(Person, people.vera.id)
        vera.areas = [PersonArea(neighborhood="hp")]
        vera.contact = find_or_add(session, NUMBERS[7], Channel.SMS)
        shifts.on(session, vera)
    with reading() as session:
        before = count(session)
    answer = dora.sends(f"/unplaced/{lost.pseudonym}/place", place=GAGE)
    with reading() as session:
        report = session.get_one(Report, lost.id)
        incident = session.get_one(Incident, report.incident_id)
        assert answer.location == f"/incidents/{incident.id}" and incident.neighborhoods == ("hp",)
        assert count(session) > before
        acts = select(AuditEntry).where(AuditEntry.act == "report.placed")
        assert [(one.subject, one.person_id, one.detail) for one in session.scalars(acts)] == [
            (f"incident:{incident.id}", people.dora.id, "")
        ]
        assert session.scalars(select(Page.person_id)).all() == [people.vera.id], "who is near is asked to look"
        assert report.contact_id is not None
        assert asking.conversation(session, report.contact_id).open_question() is None
    said = dora.reads(str(answer.location))
    assert "It has its place now" in said and SOMEWHERE in said
    assert "place we did not find" not in dora.reads("/")


def test_given_the_place_of_what_is_known_it_joins_it(dora: Browser, lost: Report) -> None:
    with writing() as session:
        known = reported(
            session, NUMBERS[6], "ICE agents at Gage and State in Huntington Park, 5 with vests", language="en"
        )
    assert dora.sends(f"/unplaced/{lost.pseudonym}/place", place=GAGE).location == f"/incidents/{known.incident_id}"


@pytest.mark.parametrize("place", ["", "over there", "in Fresno"])
def test_without_a_clear_place_it_stays_and_what_was_typed_too(dora: Browser, lost: Report, place: str) -> None:
    answer = dora.sends(f"/unplaced/{lost.pseudonym}/place", place=place)
    assert answer.status_code == 200 and SOMEWHERE in answer.text and f'value="{place}"' in answer.text
    assert kept(lost).place_key is None


def test_of_several_places_one_is_chosen(dora: Browser, lost: Report) -> None:
    asked = dora.sends(f"/unplaced/{lost.pseudonym}/place", place="home depot").text
    assert "Choose one" in asked and re.findall(r'name="area" value="([a-z_]+)"', asked) == ["hp", "signal_hill"]
    dora.does(f"/unplaced/{lost.pseudonym}/place", place="home depot", area="signal_hill")
    with reading() as session:
        assert session.scalars(select(Incident)).one().neighborhoods == ("signal_hill",)


def test_what_was_only_asked_about_keeps_its_place_and_sends_nobody(dora: Browser, people: People) -> None:
    with writing() as session:
        rumor = reported(session, NUMBERS[5], "dicen que hay migra, es cierto?", ReportKind.RUMOR)
    said = dora.does(f"/unplaced/{rumor.pseudonym}/place", place=GAGE)
    assert "nobody is sent" in said and kept(rumor).place_key is not None
    with reading() as session:
        assert session.scalars(select(Incident)).all() == []


def test_the_second_who_places_it_changes_nothing(dora: Browser, luz: Browser, lost: Report) -> None:
    dora.does(f"/unplaced/{lost.pseudonym}/place", place=GAGE)
    said = luz.does(f"/unplaced/{lost.pseudonym}/place", place="slauson y pacific, huntington park")
    assert "It has its place already" in said
    with reading() as session:
        assert len(session.scalars(select(Incident)).all()) == 1


def test_a_place_that_is_none_is_refused_below_the_page_too(people: People, lost: Report) -> None:
    with writing() as session, pytest.raises(Refused):
        placing.give(session, lost.pseudonym, gazetteer.find("over there"), session.get_one(Person, people.dora.id))


def test_there_is_no_such_text(dora: Browser, people: People) -> None:
    assert dora.sends("/unplaced/nonsense/place", place=GAGE).status_code == 404


def test_the_newest_come_first_a_screen_at_a_time(dora: Browser, people: People, env: Environment) -> None:
    env.set(queue_screen_rows=2)
    with writing() as session:
        for n, minutes in enumerate((30, 10, 20)):
            report = reported(session, NUMBERS[5 + n % 2], f"hay migra aqui, son {n + 3} agentes")
            report.received_at = ago(minutes=minutes)
    first, second = dora.reads("/unplaced"), dora.reads("/unplaced?page=2")
    assert first.index("son 4 agentes") < first.index("son 5 agentes") and "son 3 agentes" not in first
    assert "son 3 agentes" in second and "son 4 agentes" not in second
    assert dora.reads("/unplaced?page=99").count("son 3 agentes") == 1
