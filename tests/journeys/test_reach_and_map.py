"""What only a browser shows of the release, reach, map and after-action pages: scripts within our policy, no need of them."""

import datetime as dt
import re

import pytest
from sqlalchemy import select, update

from bot.clock import now
from bot.outbox import counting, expecting, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Release
from bot.outbox.tallies import TallySlice
from bot.people.models import Person
from bot.store.session import writing
from tests.console.conftest import Corner, People, app, corner, people
from tests.journeys.desk_alone import DESKTOP, PHONE, AtTheDesk, at_the_desk, browser, fits, served

__all__ = ["app", "at_the_desk", "browser", "corner", "people", "served"]

LOOKS = pytest.mark.parametrize(
    ("view", "language", "scheme"),
    [(PHONE, "es", "dark"), (DESKTOP, "en", "light"), (PHONE, "en", "light"), (DESKTOP, "es", "dark")],
    ids=["phone-es-dark", "desk-en-light", "phone-en-light", "desk-es-dark"],
)
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""What a browser shows does not depend on the database."""


def _speaks(person: Person, language: str) -> None:
    with writing() as session:
        session.get_one(Person, person.id).language = language


def _arrives(corner: Corner, arrived: int) -> None:
    """So many of the copies, one a second, and counted."""
    with writing() as session:
        began = session.get_one(Release, corner.alert.broadcast_id).released_at
        copies = session.scalars(select(Delivery).where(Delivery.broadcast_id == corner.alert.broadcast_id))
        for place, copy in enumerate(list(copies)[:arrived], start=1):
            copy.state, copy.handed_at = State.DELIVERED, began
            copy.final_at = began + dt.timedelta(seconds=place)
        session.execute(update(TallySlice).values(look_at=now()))
    counting.count()


@LOOKS
def test_release_and_reach_live_in_front_of_whoever_released(
    at_the_desk: AtTheDesk, corner: Corner, people: People, view: dict[str, int], language: str, scheme: str
) -> None:
    _speaks(people.luz, language)
    page = at_the_desk(people.luz, f"/alerts/{corner.alert.id}", view, color_scheme=scheme)
    expecting.count()
    page.get_by_text("10 person" if language == "es" else "10 people would").first.wait_for()
    assert fits(page)
    assert page.locator(".in-reach summary").is_visible()
    page.locator("#release button.go").click()
    page.wait_for_selector("#progress")
    planning.plan(corner.alert.broadcast_id)
    _arrives(corner, 4)
    page.wait_for_selector("#curve canvas")
    page.locator("[data-count=delivered]", has_text=re.compile("^4$")).wait_for()
    _arrives(corner, 10)
    page.locator("[data-count=delivered]", has_text="10").wait_for()
    assert page.locator("#curve canvas").count() == 1
    assert fits(page)


@LOOKS
def test_the_map_draws_what_the_list_says(
    at_the_desk: AtTheDesk, corner: Corner, people: People, view: dict[str, int], language: str, scheme: str
) -> None:
    _speaks(people.vera, language)
    page = at_the_desk(people.vera, "/map", view, color_scheme=scheme)
    page.wait_for_selector("#leaflet path.area")
    page.wait_for_selector("#leaflet path.is-checking")
    drawn = page.locator("#leaflet path.is-checking").count()
    assert drawn == page.locator("[data-how=checking]").count() > 0
    assert page.locator("#leaflet path.area").count() == page.locator("[data-area]").count()
    assert page.locator("#still").is_hidden()
    assert fits(page)
    page.locator("#leaflet path.spot").dispatch_event("click")  # the map draws it anew every few seconds
    page.wait_for_url(f"**/incidents/{corner.incident.id}")


@LOOKS
def test_history_and_after_action_fit_and_print(
    at_the_desk: AtTheDesk, corner: Corner, people: People, view: dict[str, int], language: str, scheme: str
) -> None:
    _speaks(people.dora, language)
    page = at_the_desk(people.dora, "/map/history", view, color_scheme=scheme)
    assert fits(page)
    page.goto(page.url.replace("/map/history", f"/incidents/{corner.incident.id}/after"))
    page.fill("textarea[name=words]", "Zoe y Pacific se ve mejor.")
    page.locator(".lesson-form button").click()
    page.get_by_text("Zoe y Pacific se ve mejor.").wait_for()
    assert fits(page)
    page.emulate_media(media="print")
    assert not page.locator(".lesson-form").is_visible() and not page.locator("header.bar").is_visible()
    assert page.get_by_text("Zoe y Pacific se ve mejor.").is_visible()


def test_without_javascript_everything_is_there_in_words(
    at_the_desk: AtTheDesk, corner: Corner, people: People
) -> None:
    expecting.count()
    page = at_the_desk(people.luz, "/map", PHONE, java_script_enabled=False)
    assert page.locator("#still polygon").count() == page.locator("[data-area]").count()
    page.goto(page.url.replace("/map", f"/alerts/{corner.alert.id}"))
    page.locator("#release button.go").click()
    page.wait_for_selector("#progress")
    planning.plan(corner.alert.broadcast_id)
    _arrives(corner, 10)
    page.reload()
    page.locator(".curve-table summary").click()
    assert page.locator("#curve-rows tbody tr").count() > 1
    assert page.locator("#curve").is_hidden()
    page.locator(".in-reach summary").click()
    page.locator(".in-reach button").click()
    page.locator(".frozen").wait_for()
