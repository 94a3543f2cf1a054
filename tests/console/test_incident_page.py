"""What a volunteer sees of an incident and does there; and that what residents write stays text."""

import re

import pytest
from sqlalchemy import select

from bot.alerts import compose
from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation.models import Finding
from bot.outbox.models import Kind
from bot.people.models import Person
from bot.reports.models import Report
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, SEEN, Corner, reported
from tests.console.desk import Browser

HOSTILE = (
    "<script>alert(1)</script> la migra en pacific y slauson ahorita",
    '"><img src=x onerror=alert(1)> la migra en pacific y slauson ahorita',
    "{{7*191777}} {% raw %} la migra en pacific y slauson ahorita",
    "javascript:alert(1) la migra en pacific y slauson ahorita",
    "</blockquote></main><svg/onload=alert(1)> la migra en pacific y slauson ahorita",
    "' hx-get='/people' hx-trigger='load' la migra en pacific y slauson ahorita",
    "\u202egnp.exe\u202c http://evil.example la migra en pacific y slauson ahorita",
)


def _page(corner: Corner) -> str:
    return f"/incidents/{corner.incident.id}"


def test_reports_show_under_pseudonyms_in_their_own_words_and_language(vera: Browser, corner: Corner) -> None:
    page = vera.reads(_page(corner))
    assert SEEN in page
    assert 'lang="es"' in page
    assert f"Reporter {corner.report.pseudonym}" in page


def test_salute_is_shown_as_it_was_understood(vera: Browser, corner: Corner) -> None:
    page = vera.reads(_page(corner))
    for word in ("Size", "Activity", "Location", "Uniform", "Time", "Equipment"):
        assert word in page
    (row,) = re.findall(r'<tr class="is-report">.*', page)
    assert re.findall(r"<td>(.*?)</td>", row)[0] == "8" and "2 vehicles" in row


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_resident_writes_stays_text(vera: Browser, dora: Browser, text: str) -> None:
    with writing() as session:
        report = reported(session, NUMBERS[5], text)
        assert report.incident_id
    for browser, path in ((vera, f"/incidents/{report.incident_id}"), (dora, "/")):
        page = browser.reads(path)
        for running in ("<script>alert", "<img src=x", "<svg/onload", "' hx-get='/people'", "1342439"):
            assert running not in page
        assert 'href="javascript:' not in page
        assert 'href="http://evil' not in page


def test_what_a_volunteer_writes_stays_text_too(luz: Browser, vera: Browser, corner: Corner) -> None:
    vera.does(f"{_page(corner)}/finding", saw="ice", words="<script>alert(2)</script>")
    assert "<script>alert(2)" not in luz.reads(_page(corner))


def test_claiming_finding_and_confirming_through_the_page(vera: Browser, people: object) -> None:
    with writing() as session:
        incident_id = reported(
            session, NUMBERS[4], "ice at slauson and pacific right now, 4 agents", language="en"
        ).incident_id
    page = f"/incidents/{incident_id}"
    assert "It is yours" in vera.does(f"{page}/claim")
    assert "Vera is on it" in vera.reads("/")
    assert "Kept" in vera.does(f"{page}/finding", saw="ice", words="4 agents, vests say ICE")
    with reading() as session:
        assert session.get_one(Incident, incident_id).state is IncidentState.CONFIRMED
    assert "Read and release: Alert" in vera.reads(page)


def test_giving_it_back_frees_it(vera: Browser, people: object) -> None:
    with writing() as session:
        incident_id = reported(session, NUMBERS[4], "ice at slauson and pacific right now", language="en").incident_id
    vera.does(f"/incidents/{incident_id}/claim")
    assert "Given back" in vera.does(f"/incidents/{incident_id}/give-up")
    assert "Vera is on it" not in vera.reads("/")


def test_an_answer_that_is_none_of_ours_changes_nothing(vera: Browser, corner: Corner) -> None:
    assert "Choose one of the answers" in vera.does(f"{_page(corner)}/finding", saw="all clear")
    with reading() as session:
        assert len(session.scalars(select(Finding)).all()) == 1


def test_free_text_boxes_remind_of_what_does_not_belong_there(vera: Browser, luz: Browser, corner: Corner) -> None:
    for browser, path in ((vera, _page(corner)), (luz, "/notices/new")):
        page = browser.reads(path)
        assert "<textarea" in page
        assert "No names, plates, addresses or status. A court may read this." in page


def test_a_report_that_was_purged_leaves_a_page_that_still_works(vera: Browser, corner: Corner) -> None:
    with writing() as session:
        session.get_one(Report, corner.report.id).locked = None
    assert "no longer kept" in vera.reads(_page(corner))


def test_an_emergency_is_read_by_dispatchers_and_up_and_taken_once(
    vera: Browser, dora: Browser, luz: Browser, corner: Corner
) -> None:
    assert "tocando mi puerta" not in vera.reads("/")
    assert "tocando mi puerta" in dora.reads("/")
    take = f"/emergencies/{corner.emergency.id}/take"
    assert "It is yours" in dora.does(take)
    assert "Somebody else took it" in luz.does(take)
    assert "Only who took it" in luz.does(f"/emergencies/{corner.emergency.id}/close")
    assert "Emergency" in luz.reads("/")
    assert "Closed" in dora.does(f"/emergencies/{corner.emergency.id}/close")
    assert "tocando mi puerta" not in luz.reads("/")


def test_the_queue_is_sent_again_only_when_something_changed(vera: Browser, dora: Browser, corner: Corner) -> None:
    first = dora.opens("/queue/rows")
    mark = first.text.split('{"If-None-Match": "')[1].split('"}')[0].replace('\\"', '"')
    assert dora.opens("/queue/rows", **{"If-None-Match": mark}).status_code in (200, 304)
    with writing() as session:
        reported(session, NUMBERS[6], "ice at slauson and pacific right now", language="en")
    changed = dora.opens("/queue/rows", **{"If-None-Match": mark})
    assert changed.status_code == 200
    assert "Slauson" in changed.text


def test_the_whole_page_speaks_the_persons_language(vera: Browser, corner: Corner) -> None:
    vera.does("/me/language", language="es")
    page = vera.reads(_page(corner))
    assert '<html lang="es">' in page
    assert "Confirmado" in page
    assert "Reportante" in page
    assert "Reporter " not in page


def test_only_what_left_is_said_to_have_been_told(vera: Browser, luz: Browser, corner: Corner) -> None:
    """A draft that was withdrawn, or taken over by another, was read by nobody."""
    with writing() as session:
        alert = session.get_one(Alert, corner.alert.id)
        compose.withdraw(session, alert, "proposed_anew")
        anew = compose.propose(
            session,
            session.get_one(Incident, corner.incident.id),
            Kind.ALERT,
            session.get_one(Person, alert.proposed_by_id),
        )
        assert anew.id != alert.id
    page = vera.reads(_page(corner))
    assert f'href="/alerts/{corner.alert.id}"' not in page and "Told: " not in page
    assert f'href="/alerts/{anew.id}"' in page
    luz.does(f"/alerts/{anew.id}/release", words=luz.words(f"/alerts/{anew.id}"))
    page = vera.reads(_page(corner))
    assert page.count("Told: ") == 1 and f'href="/alerts/{anew.id}"' in page
