"""In a real Chromium: one press is one form, and while it is on its way nothing on the page leads away from its answer."""

import re

from playwright.sync_api import Page

from bot.clock import ago
from bot.people.models import Person, SignedIn
from bot.store.session import writing
from tests.console.conftest import Corner, People
from tests.console.test_sign_in_page import shown_code
from tests.journeys.desk_alone import AtTheDesk, at_the_desk, browser, served
from tests.services.waiting import patient

__all__ = ["at_the_desk", "browser", "served"]
RELEASE = re.compile("^Release")


def before_a_release(at_the_desk: AtTheDesk, person: Person, corner: Corner) -> Page:
    """Somebody whose proof is old, with the code typed in."""
    page = at_the_desk(person, f"/alerts/{corner.alert.id}")
    with writing() as session:
        for sitting in session.query(SignedIn):
            sitting.proved_at = ago(minutes=6)
    page.reload()
    page.fill("#release [name=code]", shown_code())
    return page


def posts(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    return sent


def test_two_clicks_are_one_release_and_the_page_says_that_it_left(
    at_the_desk: AtTheDesk, people: People, corner: Corner
) -> None:
    page = before_a_release(at_the_desk, people.luz, corner)
    sent = posts(page)
    page.get_by_role("button", name=RELEASE).dblclick()
    page.get_by_text("It is leaving now").wait_for(timeout=patient(5))
    assert len(sent) == 1
    page.goto(page.url)
    page.get_by_text("Released by Luz").wait_for()


def test_while_a_form_is_on_its_way_the_page_asks_for_nothing_and_may_send_it_again_afterwards(
    at_the_desk: AtTheDesk, people: People, corner: Corner
) -> None:
    page = before_a_release(at_the_desk, people.luz, corner)
    page.route("**/release", lambda route: route.fulfill(status=204))  # no answer that a browser would go to
    button, sent = page.get_by_role("button", name=RELEASE), posts(page)
    button.click()
    page.locator("button[aria-busy]").wait_for()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "GET" else None)
    page.evaluate("document.querySelector('#release form').requestSubmit()")  # the button itself takes no click now
    since = page.evaluate("performance.now()")
    page.wait_for_function("since => performance.now() > since + 2500", arg=since, timeout=patient(6))
    assert (asked, len(sent)) == ([], 1)
    page.unroute("**/release")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert page.locator("button[aria-busy]").count() == 0
    button.click()
    page.get_by_text("It is leaving now").wait_for(timeout=patient(5))


def test_a_form_that_waits_for_something_is_not_on_its_way(
    at_the_desk: AtTheDesk, people: People, corner: Corner
) -> None:
    page = before_a_release(at_the_desk, people.luz, corner)
    page.evaluate("document.querySelector('#release form').addEventListener('submit', (sent) => sent.preventDefault())")
    page.get_by_role("button", name=RELEASE).click()
    assert page.evaluate("document.documentElement.dataset.sent === undefined")
