"""Where does a test's browser come from? The machine's own Chromium, driven as a person would."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from runner.suites import BROWSERS
from tests.services.waiting import patient

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]
"""Chromium's sandbox does not work for root, which is who runs tests in a container; the pages are our own."""

expect.set_options(timeout=patient(5))
SECOND_CLICK_MS = 300
"""So long after a press whatever else it sends is waited for."""


def chromium() -> str:
    """Its path. Absent, a developer may go on without; a check of a submission may not."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    if not found and os.environ.get("CI"):
        pytest.fail("no Chromium, and ./run test could not install it: these tests must run here")
    if not found:
        pytest.skip("NO CHROMIUM HERE: nothing a person sees is tested (apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file."""
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody's own browser: no cookie, no history, Los Angeles time."""
    context = browser.new_context(locale="en-US", timezone_id="America/Los_Angeles")
    yield context
    context.close()


@pytest.fixture
def page(person: BrowserContext) -> Iterator[Page]:
    """A page that may not complain: an error in its console, or anything our own policy refuses, fails the test."""
    complaints: list[str] = []
    opened = person.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    assert complaints == []


@contextmanager
def at_once(pages: Sequence[Page], address: str) -> Iterator[list[Route]]:
    """What these pages send there is kept until all have pressed, and then goes on its way together; what was sent.

    Otherwise the second page may show what the first has done before it is pressed itself.
    """
    sent: list[Route] = []

    def keep(route: Route) -> None:
        sent.append(route)

    for page in pages:
        page.route(address, keep)
    yield sent
    for page in pages:
        page.wait_for_timeout(SECOND_CLICK_MS)
    for route in sent:
        route.continue_()
