"""What a dispatcher does on the console: writes down a call, merges, splits, rules by a named source's word, asks a reporter."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from bot.contacts.models import Channel, find_or_add
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState, WordOf
from bot.moderation import relaying
from bot.moderation.asking_models import Page
from bot.moderation.dispatch_models import Regrouping, Relayed
from bot.outbox.delivery_models import Delivery
from bot.people import shifts
from bot.people.models import Person, PersonArea, Role
from bot.privacy.audit import AuditEntry
from bot.reports.models import Report, Source
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.desk import Browser, browser_of
from tests.console.test_no_numbers import LIKE_A_NUMBER

S = IncidentState
GAGE = "ICE agents at Gage and State in Huntington Park, 5 of them with vests"
SLAUSON = "hay migra en slauson y pacific ahorita, 4 agentes"
CALL = {"source": "call", "saw": "self", "place": "gage y state, huntington park", "size": "6", "uniform": "ICE"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def gage(people: People) -> Report:
    with writing() as session:
        return reported(session, NUMBERS[3], GAGE, language="en")


@pytest.fixture
def slauson(people: People) -> Report:
    with writing() as session:
        return reported(session, NUMBERS[4], SLAUSON)


def page(report: Report) -> str:
    return f"/incidents/{report.incident_id}"


def stands(incident_id: int | None) -> Incident:
    with reading() as session:
        return session.get_one(Incident, incident_id)


def test_a_call_is_written_down_and_marked_as_one(dora: Browser, vera: Browser, people: People) -> None:
    assert "Write down a call" in dora.reads("/") and "Write down a call" not in vera.reads("/")
    said = dora.does("/calls", **CALL, words="two vans by the laundromat", equipment=["vests"])
    assert "Kept" in said and "by phone" in said and "written down by Dora" in said
    assert "Dora wrote down a report, by phone" in said
    with reading() as session:
        report = session.scalars(select(Report)).one()
        assert (report.source, report.contact_id, report.size) == (Source.CALL, None, 6)


def test_a_call_about_what_is_known_joins_it(dora: Browser, gage: Report) -> None:
    answer = dora.sends("/calls", **CALL)
    assert answer.location == page(gage)


@pytest.mark.parametrize("place", ["", "walmart", "over there", "in Fresno"])
def test_without_a_clear_place_nothing_is_kept_and_nothing_typed_is_lost(
    dora: Browser, people: People, place: str
) -> None:
    answer = dora.sends("/calls", **(CALL | {"place": place}), words="two white vans")
    assert answer.status_code == 200 and "two white vans" in answer.text and 'value="6"' in answer.text
    with reading() as session:
        assert session.scalars(select(Report)).all() == []


def test_of_several_places_one_is_chosen(dora: Browser, people: People) -> None:
    asked = dora.sends("/calls", **(CALL | {"place": "home depot"})).text
    assert "Choose one" in asked and re.findall(r'name="area" value="([a-z_]+)"', asked) == ["hp", "signal_hill"]
    answer = dora.sends("/calls", **(CALL | {"place": "home depot", "area": "signal_hill"}))
    with reading() as session:
        (incident,) = session.scalars(select(Incident))
        assert answer.location == f"/incidents/{incident.id}" and incident.neighborhoods == ("signal_hill",)


@pytest.mark.parametrize("wrong", [{"source": "text"}, {"size": "none"}, {"uniform": "army"}, {"vehicles": "0"}])
def test_a_call_says_only_what_a_report_can_say(dora: Browser, people: People, wrong: dict[str, str]) -> None:
    answer = dora.sends("/calls", **(CALL | wrong))
    assert answer.status_code == 200 and "said refused" in answer.text
    with reading() as session:
        assert session.scalars(select(Report)).all() == []


def test_merging_and_undoing_it_on_the_page(dora: Browser, vera: Browser, gage: Report, slauson: Report) -> None:
    assert "Merge into that one" in dora.reads(page(slauson)) and "Merge into" not in vera.reads(page(slauson))
    said = dora.does(f"{page(slauson)}/merge", into=gage.incident_id)
    code = stands(slauson.incident_id).code
    assert "Merged" in said and f"Dora merged {code} into this (1 report)" in said and SLAUSON in said
    gone = vera.reads(page(slauson))
    assert "It is part of:" in gone and stands(gage.incident_id).code in gone
    assert code not in vera.reads("/")
    with reading() as session:
        made = session.scalars(select(Regrouping)).one()
    again = dora.does(f"{page(gage)}/merges/{made.id}/undo")
    assert "They are two again" in again and SLAUSON in again
    assert stands(slauson.incident_id).state is S.UNCONFIRMED
    assert "Dora undid the merge" in vera.reads(page(gage))
    assert "They are two already" in dora.does(f"{page(gage)}/merges/{made.id}/undo")


def test_a_merge_is_undone_only_where_it_was_made(dora: Browser, gage: Report, slauson: Report, corner: Corner) -> None:
    dora.does(f"{page(slauson)}/merge", into=gage.incident_id)
    with reading() as session:
        made = session.scalars(select(Regrouping)).one()
    assert dora.sends(f"/incidents/{corner.incident.id}/merges/{made.id}/undo").status_code == 404


@pytest.mark.parametrize("into", ["", "999999", "x", "9" * 30])
def test_merging_into_nothing_does_nothing(dora: Browser, gage: Report, into: str) -> None:
    assert "Choose one" in dora.does(f"{page(gage)}/merge", into=into)
    assert stands(gage.incident_id).state is S.UNCONFIRMED


def test_splitting_on_its_page(dora: Browser, gage: Report) -> None:
    with writing() as session:
        other = reported(
            session, NUMBERS[5], "I see ICE at gage and state huntington park, by the church", language="en"
        )
    asked = dora.reads(f"{page(gage)}/split")
    assert gage.pseudonym in asked and other.pseudonym in asked and "Never a house number" in asked
    unclear = dora.sends(f"{page(gage)}/split", report=[other.pseudonym], place="somewhere")
    assert unclear.status_code == 200 and f'value="{other.pseudonym}" checked' in unclear.text
    said = dora.does(f"{page(gage)}/split", report=[other.pseudonym], place="slauson and pacific, huntington park")
    assert "They belong to" in said and "Dora moved 1 report here from" in said
    assert "moved 1 report to" in dora.reads(page(gage))
    none = dora.sends(f"{page(gage)}/split", report=["nobody"], place="slauson and pacific, huntington park")
    assert "Choose at least one report" in none.text


def test_a_named_source_says_what_it_was(dora: Browser, vera: Browser, gage: Report) -> None:
    refused = dora.does(f"{page(gage)}/debunk", was="drill", word_of="police_desk", reference="")
    assert "needs a reference" in refused and stands(gage.incident_id).state is S.UNCONFIRMED
    said = dora.does(f"{page(gage)}/debunk", was="drill", word_of="police_desk", reference="HPPD 26-01234")
    assert "Closed" in said and "HPPD 26-01234" in said
    assert "Dora: it was a drill, by the word of the police" in vera.reads(page(gage))
    known = stands(gage.incident_id)
    assert (known.state, known.was, known.word_of) == (S.DEBUNKED, "drill", WordOf.POLICE_DESK)
    assert "decided about it already" in dora.does(f"{page(gage)}/cannot-tell", why="unsafe")


def test_that_nobody_can_find_out_has_a_reason(dora: Browser, gage: Report) -> None:
    assert "Choose one" in dora.does(f"{page(gage)}/cannot-tell", why="because")
    said = dora.does(f"{page(gage)}/cannot-tell", why="place_unclear")
    assert "nobody knows where it is" in said and stands(gage.incident_id).state is S.UNVERIFIABLE


def test_what_was_told_offers_no_shortcut(dora: Browser, luz: Browser, corner: Corner) -> None:
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    path = f"/incidents/{corner.incident.id}"
    assert "/debunk" not in dora.reads(path)
    assert "correction by two" in dora.does(f"{path}/debunk", was="police", word_of="police_desk", reference="HPPD 1")
    assert stands(corner.incident.id).state is S.CONFIRMED


def test_a_reporter_is_asked_and_answers_and_nobody_sees_a_number(
    dora: Browser, vera: Browser, slauson: Report
) -> None:
    ask = f"{page(slauson)}/reports/{slauson.pseudonym}/ask"
    said = dora.does(ask, what="how_many")
    assert "Asked" in said and "Dora asked" in said and "No answer yet" in said
    with writing() as session:
        sent = session.scalars(select(Delivery).where(Delivery.key == "relay.ask_how_many")).one()
        assert (sent.reason, sent.language) == ("relay", "es")
        asked = session.scalars(select(Relayed)).one()
        relaying.heard(session, asked.id, f"como doce, llame al {NUMBERS[8]} {HOSTILE}")
    shown = vera.reads(page(slauson))
    assert "como doce" in shown and HOSTILE not in shown and not LIKE_A_NUMBER.search(shown)
    assert f"Reporter {slauson.pseudonym} answered" in shown


def test_own_words_pass_a_check_first(dora: Browser, slauson: Report) -> None:
    ask = f"{page(slauson)}/reports/{slauson.pseudonym}/ask"
    assert "never ask" in dora.does(ask, what="own", words="¿Cómo se llama usted?")
    assert "Write in the language" in dora.does(ask, what="own", words="Are they still there by the church?")
    with reading() as session:
        assert session.scalars(select(Relayed)).all() == []
    assert "¿Llevan chalecos?" in dora.does(ask, what="own", words="¿Llevan chalecos?")


def test_the_fourth_question_in_an_hour_is_refused(dora: Browser, luz: Browser, slauson: Report) -> None:
    ask = f"{page(slauson)}/reports/{slauson.pseudonym}/ask"
    for browser, what in ((dora, "how_many"), (luz, "doing"), (dora, "still_there")):
        assert "Asked" in browser.does(ask, what=what)
    assert "asked 3 times" in luz.does(ask, what="when")


def test_a_report_of_another_incident_is_not_asked_here(dora: Browser, gage: Report, slauson: Report) -> None:
    assert dora.sends(f"{page(gage)}/reports/{slauson.pseudonym}/ask", what="doing").status_code == 404


def test_a_call_offers_nobody_to_ask(dora: Browser, people: People) -> None:
    answer = dora.sends("/calls", **CALL)
    assert "Ask this reporter" not in dora.reads(str(answer.location))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_the_acts_it_has(app: Flask, people: People, slauson: Report, gage: Report, role: Role) -> None:
    person = people.of(role)
    shown = browser_of(app, person).reads(page(slauson))
    for act in ("/merge", "/debunk", "/cannot-tell", "/ask"):
        assert (f'{act}"' in shown) is person.may_dispatch, act
    assert f'{page(slauson)}/claim"' in shown and f'{page(slauson)}/finding"' in shown


@pytest.mark.parametrize("path", ["/calls/new", "{page}", "{page}/split"])
def test_every_box_for_words_reminds_of_what_does_not_belong_there(dora: Browser, slauson: Report, path: str) -> None:
    shown = dora.reads(path.format(page=page(slauson)))
    for form in re.findall(r"<form.*?</form>", shown, re.DOTALL):
        free = [
            box
            for box in re.findall(r"<(?:textarea|input)[^>]*>", form)
            if 'name="words"' in box or 'name="reference"' in box
        ]
        if free or 'name="place"' in form:
            assert "No names, plates, addresses or status" in form


def test_the_gloss_says_it_in_the_readers_language(
    dora: Browser, people: People, slauson: Report, gage: Report
) -> None:
    assert "4 immigration agents" in dora.reads(page(slauson)) and SLAUSON in dora.reads(page(slauson))
    with writing() as session:
        session.get_one(Person, people.dora.id).language = "es"
    shown = dora.reads(page(gage))
    assert "5 agentes de ICE" in shown and "chalecos" in shown and GAGE in shown
    assert "Lo que entendemos:" in shown and "As we read it" not in shown


def test_the_table_holds_looks_before_reports(vera: Browser, corner: Corner) -> None:
    shown = vera.reads(f"/incidents/{corner.incident.id}")
    rows = re.findall(r'<tr class="is-(\w+)"', shown)
    assert rows == ["finding", "report"] and "Vera looked" in shown


def test_a_step_says_why_it_was_taken(vera: Browser, corner: Corner) -> None:
    shown = vera.reads(f"/incidents/{corner.incident.id}")
    assert "with what identified them" in shown and "Vera saw: Immigration agents (ICE)" in shown


def test_of_very_many_reports_the_newest_are_shown_and_the_rest_a_link_away(vera: Browser, slauson: Report) -> None:
    with writing() as session:
        for n in range(45):
            fresh = reported(session, NUMBERS[n % 20], f"{SLAUSON} y van {n + 5} carros parados con luces")
            assert fresh.incident_id == slauson.incident_id
    shown = vera.reads(page(slauson))
    assert shown.count('<article class="report"') == 40 and "Show all 46 reports" in shown
    assert vera.reads(f"{page(slauson)}?every=1").count('<article class="report"') == 46


def test_what_is_written_by_hand_stays_text(dora: Browser, vera: Browser, people: People) -> None:
    at = str(dora.sends("/calls", **CALL, words=HOSTILE).location)
    assert HOSTILE not in vera.reads(at)
    assert "A reference has" in dora.does(f"{at}/debunk", was="drill", word_of="on_site", reference=HOSTILE)
    assert HOSTILE not in dora.sends("/calls", **(CALL | {"place": HOSTILE})).text


def test_a_dispatcher_asks_verifiers_to_look_and_nobody_is_asked_twice(
    dora: Browser, vera: Browser, people: People, slauson: Report
) -> None:
    assert "Ask verifiers near there" in dora.reads(page(slauson))
    assert "Ask verifiers near there" not in vera.reads(page(slauson))
    assert "Nobody is on shift near there" in dora.does(f"{page(slauson)}/ask-verifiers")
    with writing() as session:
        known = session.get_one(Person, people.vera.id)
        known.areas = [PersonArea(neighborhood=area) for area in ("hp", "florence")]
        shifts.on(session, known)
    assert "1 verifier is asked by text" in dora.does(f"{page(slauson)}/ask-verifiers")
    assert "Vera was asked to look" in dora.reads(page(slauson))
    said = dora.does(f"{page(slauson)}/ask-verifiers")
    assert re.search(r"The last was asked at \d+:\d\d[ap]m; 1 has not answered", said)
    with reading() as session:
        acts = list(session.scalars(select(AuditEntry.act).where(AuditEntry.act == "verifiers.asked")))
    assert len(acts) == 1


def test_of_what_was_decided_nobody_is_asked_to_look(dora: Browser, slauson: Report) -> None:
    dora.does(f"{page(slauson)}/cannot-tell", why="nobody_free")
    assert "decided about it already" in dora.does(f"{page(slauson)}/ask-verifiers")


def test_where_somebody_left_as_it_was_unsafe_no_text_sends_the_next_one(
    dora: Browser, vera: Browser, people: People, slauson: Report
) -> None:
    with writing() as session:
        known = session.get_one(Person, people.nora.id)
        known.role, known.contact = Role.VERIFIER, find_or_add(session, NUMBERS[6], Channel.SMS)
        known.areas = [PersonArea(neighborhood=area) for area in ("hp", "florence")]
        shifts.on(session, known)
    vera.does(f"{page(slauson)}/finding", saw="unsafe")
    assert "No text of ours sends the next one" in dora.does(f"{page(slauson)}/ask-verifiers")
    with reading() as session:
        assert session.scalars(select(Page).where(Page.person_id == people.nora.id)).all() == []
