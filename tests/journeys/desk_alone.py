"""The console alone in a real Chromium, served by this process: for what only a browser shows (scripts, policy, width)."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from bot.people import sessions
from bot.people.models import Person
from bot.store.session import writing
from tests.services.browser import browser

__all__ = ["at_the_desk", "browser", "served"]

PHONE = {"width": 375, "height": 800}
DESKTOP = {"width": 1200, "height": 900}
AtTheDesk = Callable[..., Page]


@dataclass(frozen=True)
class Served:
    """Where the console answers."""

    address: str


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()


@pytest.fixture
def at_the_desk(browser: Chromium, served: Served) -> Iterator[AtTheDesk]:
    """Opens a page as a person, signed in. Whatever a browser complains of, or asks of another host, fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opens(person: Person, path: str, view: dict[str, int] | None = None, **how: object) -> Page:
        context = browser.new_context(viewport=view or DESKTOP, timezone_id="America/Los_Angeles", **how)  # type: ignore[arg-type]
        contexts.append(context)
        with writing() as session:
            token = sessions.open_session(session, session.get_one(Person, person.id))
        context.add_cookies([{"name": "contigo-session", "value": token, "url": served.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda asked: complaints.append(asked.url) if _is_foreign(asked.url, served.address) else None
        )
        page.goto(served.address + path)
        return page

    yield opens
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    """Nobody has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def _is_foreign(url: str, host: str) -> bool:
    return not url.startswith((host, "data:", "about:"))
