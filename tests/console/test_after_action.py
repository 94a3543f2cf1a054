"""What came of an incident, to print and to share: times, reach, what was seen and learned. Nobody's name, no small number."""

import csv
import datetime as dt
import io

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.console import withheld
from bot.moderation.lessons import Lesson
from bot.outbox import counting, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Release
from bot.store.session import reading, writing
from tests.console.conftest import Corner, People, reported, subscribe
from tests.console.desk import Browser

MANY = 40


def _page(corner: Corner) -> str:
    return f"/incidents/{corner.incident.id}/after"


@pytest.fixture
def out(luz: Browser, corner: Corner) -> Corner:
    """Forty people got it in Spanish, five in English."""
    with writing() as session:
        for n in range(MANY - 10 + 5):
            subscribe(session, f"+1424555{101 + n:04d}", "hp", language="en" if n < 5 else "es")
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    planning.plan(corner.alert.broadcast_id)
    with writing() as session:
        began = session.get_one(Release, corner.alert.broadcast_id).released_at
        for copy in session.scalars(select(Delivery).where(Delivery.broadcast_id == corner.alert.broadcast_id)):
            copy.state, copy.handed_at, copy.final_at = State.DELIVERED, began, began + dt.timedelta(seconds=30)
    counting.count()
    return corner


def test_each_step_says_how_long_it_took(vera: Browser, out: Corner) -> None:
    page = vera.reads(_page(out))
    for step in ("First report", "First look", "Confirmed", "Alert proposed", "Alert released", "95% of those reached"):
        assert step in page
    assert "30 s" in page
    assert "It is not over yet" in page


def test_nobody_is_named_and_no_word_of_anybody_stands_there(vera: Browser, out: Corner, people: People) -> None:
    page = vera.reads(_page(out)) + vera.reads(f"{_page(out)}/table.csv")
    for person in (people.ana, people.luz, people.dora, people.nora):
        assert person.name not in page.replace(f">{person.name}<", "")
    assert "Vera" not in page and "Volunteer 1: Immigration agents" in page
    assert out.report.pseudonym not in page and "camionetas" not in page and "8, vests" not in page


def test_small_numbers_are_withheld_and_what_would_give_them_away(vera: Browser, out: Corner) -> None:
    page = vera.reads(_page(out))
    assert 'Reports: <span class="quiet">few' in page
    assert 'English, SMS: <span class="quiet">few</span>' in page
    assert 'Español, SMS: <span class="quiet">few</span>' in page  # 45 in all: forty would say five


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 0, "b": 50}, {"a": 0, "b": 50}),
        ({"a": 9, "b": 50}, {"a": None, "b": None}),
        ({"a": 10, "b": 50}, {"a": 10, "b": 50}),
        ({"a": 9, "b": 3, "c": 50}, {"a": None, "b": None, "c": 50}),
        ({"a": 9, "b": 12, "c": 50}, {"a": None, "b": None, "c": 50}),
        ({"a": 4}, {"a": None}),
        ({}, {}),
    ],
)
def test_which_counts_may_be_shown(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert withheld.shown(counts) == shown


def test_the_numbers_come_as_a_file_for_a_spreadsheet(vera: Browser, out: Corner) -> None:
    answer = vera.opens(f"{_page(out)}/table.csv")
    assert answer.mimetype == "text/csv"
    assert out.incident.code in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert ["Alert", "Delivered", "45"] in rows
    assert ["Reports", "", "few"] in rows
    assert any(row[:2] == ["Seconds since the first report", "Alert released"] for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_corner_that_no_neighborhood_was_told_of_is_not_named(vera: Browser, people: People) -> None:
    with writing() as session:
        report = reported(session, "+13235550140", "la migra esta en slauson y pacific ahorita, como 6")
    page = f"/incidents/{report.incident_id}/after"
    assert "Slauson" not in vera.reads(page) and "Slauson" not in vera.reads(f"{page}/table.csv")
    assert "Nothing was told of it" in vera.reads(page) and "Nobody was there to look" in vera.reads(page)


def test_what_was_learned_is_written_down_without_numbers_and_plates(dora: Browser, out: Corner) -> None:
    said = dora.does(f"{_page(out)}/lesson", words="Call Luz sooner, not 323-555-0142; the van was 8ABC123.")
    assert "Written down" in said and "Call Luz sooner" in said
    assert "323-555" not in said and "0142" not in said.partition("What was learned")[2] and "8ABC123" not in said
    with reading() as session:
        lesson = session.scalars(select(Lesson)).one()
        assert b"sooner" not in lesson.locked and lesson.created_at <= now()


def test_nothing_is_nothing_learned(dora: Browser, out: Corner) -> None:
    assert "There was nothing in it" in dora.does(f"{_page(out)}/lesson", words="   ")


def test_an_incident_that_does_not_exist_has_no_page(vera: Browser, people: People) -> None:
    assert vera.opens("/incidents/999/after").status_code == 404
    assert vera.opens("/incidents/999/after/table.csv").status_code == 404
