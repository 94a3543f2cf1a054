"""Volunteers with real browsers, in front of the whole running hotline."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.clock import local, now
from bot.contacts.models import Channel, find_or_add
from bot.people import invitations, shifts, totp
from bot.people.models import Role
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from tests.services.settings import Environment
from tests.services.system import Hotline

PASSPHRASE = "tres gatos cruzan el puente"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}
CORNERS = itertools.cycle(["slauson", "gage", "randolph", "zoe", "saturn", "clarendon"])
_numbers = itertools.count(101)
_names = itertools.count()


@dataclass
class Volunteer:
    """One person of a line of their own, at a browser of their own."""

    name: str
    secret: str
    desk: str
    page: Page

    def signs_in(self) -> None:
        self.page.goto(f"{self.desk}/sign-in")
        self.page.fill("[name=name]", self.name)
        self.page.fill("[name=passphrase]", PASSPHRASE)
        self.page.fill("[name=code]", totp.code_at(self.secret, now()))
        self.page.click("main button")
        self.page.wait_for_selector("#queue")

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.desk}{path}")

    def sees(self, words: str, within: float = 5.0) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=within * 1000)

    def presses(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()


@dataclass
class Watched:
    """What a browser must never do: ask another host, break our policy, run what a resident wrote."""

    complaints: list[str]

    def watch(self, page: Page, host: str) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if _is_bad(said.type, said.text) else None,
        )
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda asked: self.complaints.append(f"off-site: {asked.url}") if _is_foreign(asked.url, host) else None,
        )


def _is_bad(kind: str, text: str) -> bool:
    return "Content Security Policy" in text or (kind == "error" and "status of 401" not in text)


def _is_foreign(url: str, host: str) -> bool:
    return not url.startswith((host, "data:", "about:"))


@pytest.fixture
def new_number() -> Callable[[], str]:
    """A number nobody else of this file has."""
    return lambda: f"+1323555{next(_numbers):04d}"


@pytest.fixture
def volunteer(browser: Browser, hotline: Hotline, env: Environment) -> Iterator[Callable[..., Volunteer]]:
    """Makes volunteers: `volunteer(Role.ORGANIZER, width=PHONE)`. Whatever their browsers complain of fails the test."""
    watched = Watched([])
    contexts: list[BrowserContext] = []

    def make(
        role: Role = Role.ORGANIZER,
        *,
        view: dict[str, int] | None = None,
        language: str = "en",
        **how: object,
    ) -> Volunteer:
        name, secret = f"{role.value.title()} {_letters(next(_names))}", totp.fresh()
        with writing(hotline.database_url) as session:
            invited = invitations.found(session, f"{name}'s line", role)
            person = invitations.accept(
                session,
                invited.token,
                invited.code,
                name,
                PASSPHRASE,
                secret=secret,
                language=language,
                neighborhoods=("hp",),
            )
            shifts.on(session, person)
        context = browser.new_context(viewport=view or DESKTOP, timezone_id="America/Los_Angeles", **how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watched.watch(page, hotline.address)
        return Volunteer(name, secret, f"{hotline.address}/console", page)

    yield make
    for context in contexts:
        context.close()
    assert watched.complaints == []


@pytest.fixture
def subscribed(hotline: Hotline, env: Environment, new_number: Callable[[], str]) -> list[str]:
    """Five people of Huntington Park."""
    numbers = [new_number() for _ in range(5)]
    with writing(hotline.database_url) as session:
        for number in numbers:
            contact = find_or_add(session, number, Channel.SMS)
            contact.language = "es"
            session.add(Subscription(subject="hp", contact_id=contact.id, joined_on=local(now()).date()))
    return numbers


@pytest.fixture
def reported(hotline: Hotline, new_number: Callable[[], str]) -> Callable[..., str]:
    """Somebody texts that they see agents at a corner; the street it is at."""

    def text(say: str = "ice at {street} and pacific right now, 4 agents with vests") -> str:
        street = next(CORNERS)
        hotline.phone(new_number()).texts(say.format(street=street))
        return street.title()

    return text


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:02d}")
