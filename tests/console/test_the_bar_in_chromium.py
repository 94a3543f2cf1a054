"""The bar above every page, in a real Chromium: it leads to the shifts too, and no phone has to scroll sideways for it."""

import pytest

from bot.people.models import Person
from bot.store.session import writing
from tests.console.conftest import People
from tests.journeys.desk_alone import AtTheDesk, at_the_desk, browser, fits, served

__all__ = ["at_the_desk", "browser", "served"]
SMALL = {"width": 320, "height": 640}


@pytest.mark.parametrize(("language", "word"), [("en", "Shifts"), ("es", "Turnos")])
def test_shifts_are_one_touch_away_on_the_smallest_phone(
    at_the_desk: AtTheDesk, people: People, language: str, word: str
) -> None:
    with writing() as session:
        session.get_one(Person, people.vera.id).language = language
    page = at_the_desk(people.vera, "/", SMALL)
    assert fits(page)
    page.locator("nav").get_by_role("link", name=word).click()
    page.wait_for_url("**/shifts")
    assert fits(page)
    assert page.locator("nav [aria-current=page]").inner_text() == word
