"""How an open page asks whether its reader is still one of us, in a real Chromium: no oftener than it must."""

from playwright.sync_api import Page

from tests.console.conftest import People
from tests.console.test_queue_page import spots
from tests.journeys.desk_alone import AtTheDesk, at_the_desk, browser, served
from tests.services.waiting import patient

__all__ = ["at_the_desk", "browser", "served"]

COUNTED = """status => {
    window.asked = [];
    const real = window.fetch;
    window.fetch = (url, how) => {
        if (!String(url).endsWith("/me/here")) return real(url, how);
        window.asked.push(performance.now());
        return status ? Promise.resolve(new Response(null, { status })) : real(url, how);
    };
}"""


def counts(page: Page, answered: int = 0) -> None:
    """From here on. `answered`: what it is told instead of the truth."""
    page.evaluate(COUNTED, answered)


def asked(page: Page) -> int:
    return int(page.evaluate("window.asked.length"))


def passes(page: Page, seconds: float) -> None:
    until = page.evaluate("performance.now()") + seconds * 1000
    page.wait_for_function("until => performance.now() > until", arg=until, timeout=patient(15))


def test_two_windows_of_one_browser_ask_about_as_often_as_one(at_the_desk: AtTheDesk, people: People) -> None:
    first = at_the_desk(people.vera, "/me")
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        counts(page)
    passes(second, 8)
    both = asked(first) + asked(second)
    assert 4 <= both <= 16, "each alone would ask some twelve times"


def test_what_else_is_answered_counts_as_well(at_the_desk: AtTheDesk, people: People) -> None:
    spots(1)
    page = at_the_desk(people.vera, "/")
    counts(page)
    passes(page, 8)
    assert asked(page) <= 9, "the queue asks each second; by itself it would be some twelve"


def test_it_asks_less_often_of_a_server_in_trouble(at_the_desk: AtTheDesk, people: People) -> None:
    page = at_the_desk(people.vera, "/me")
    counts(page, answered=503)
    passes(page, 8)
    assert 1 <= asked(page) <= 6
