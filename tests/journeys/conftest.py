"""Volunteers with real browsers, in front of the whole running hotline."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from bot.clock import local, now
from bot.contacts.models import Channel, find_or_add
from bot.people import invitations, shifts, totp
from bot.people.models import Role
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from messages import catalog
from tests.services.settings import Environment
from tests.services.system import Hotline
from tests.services.waiting import patient

PASSPHRASE = "tres gatos cruzan el puente"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}
CORNERS = itertools.cycle(["slauson", "gage", "randolph", "zoe", "saturn", "clarendon"])
SAID = itertools.cycle(
    [
        "ice at {street} and pacific right now, 4 agents with vests",
        "there is a green truck with border patrol men on {street} by pacific ave, i see it from my window",
        "agents just got out of two gray cars, corner {street} and pacific, they hold a paper",
        "homeland security jackets, three people, {street} at pacific, standing next to the bakery",
        "i see ICE officers asking a man for his id at pacific and {street}, a woman is filming",
        "unmarked black suv and masked men with badges, {street} & pacific, this very minute",
        "six federal agents walking along pacific near {street}, one of them with a dog",
    ]
)
"""One text passed on from corner to corner would be a chain letter, and folded."""
AREA_CODES = (323, 213, 562, 310)
_numbers = itertools.count()
_names = itertools.count()


@dataclass
class Volunteer:
    """One person of a line of their own, at a browser of their own."""

    name: str
    secret: str
    desk: str
    page: Page
    language: str = "en"

    def signs_in(self, later: dt.timedelta = dt.timedelta()) -> None:
        self.page.goto(f"{self.desk}/sign-in")
        self.page.fill("[name=name]", self.name)
        self.page.fill("[name=passphrase]", PASSPHRASE)
        self.page.fill("[name=code]", totp.code_at(self.secret, now() + later))
        self.page.click("main button")
        self.page.wait_for_selector("#queue")

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.desk}{path}")

    def sees(self, words: str, within: float = 5.0) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=patient(within))

    def presses(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()

    def reads(self, key: str, within: float = 5.0, **values: object) -> None:
        """Sees a text of the console by its key, in their own language."""
        self.sees(self.says(key, **values), within)

    def taps(self, key: str, **values: object) -> None:
        """Presses the button that a key names."""
        self.presses(self.says(key, **values))

    def says(self, key: str, **values: object) -> str:
        """What a key says to them; where a value is left out, what stands before it."""
        name = f"console.{key}"
        if values:
            return catalog.text(name, self.language, **values)
        return catalog.raw(name, self.language).partition("%{")[0].strip()

    def elsewhere(self) -> "Volunteer":
        """The same person at another browser, signed in there too: with the next code, as each works once."""
        context = self.page.context.browser.new_context(viewport=self.page.viewport_size)  # type: ignore[union-attr]
        other = replace(self, page=context.new_page())
        other.signs_in(later=dt.timedelta(seconds=totp.STEP_SECONDS))
        return other

    def finds(self, street: str) -> Locator:
        """The row of the queue that is about this street."""
        return self.page.locator(".row", has_text=street)

    def enters(self, street: str) -> None:
        """Opens the incident of this street from the queue, when it is there."""
        self.opens("/")
        self.finds(street).first.wait_for(timeout=patient(5))
        self.finds(street).get_by_role("link").first.click()
        self.page.wait_for_url(re.compile(r"/incidents/\d+"))

    def saw(self, street: str, answer: str, words: str = "") -> None:
        """Says on the incident's page what they saw there."""
        self.enters(street)
        self.page.locator(f"[name=saw][value={answer}]").check()
        if words:
            self.page.fill("textarea[name=words]", words)
        self.taps("incident.find")


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
    """A number nobody else has, of those kept for fiction."""

    def new() -> str:
        code, last = divmod(next(_numbers), 99)
        return f"+1{AREA_CODES[code % len(AREA_CODES)]}555{101 + last:04d}"

    return new


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
        context.set_default_timeout(patient(30))
        page = context.new_page()
        watched.watch(page, hotline.address)
        return Volunteer(name, secret, f"{hotline.address}/console", page, language)

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
    """Somebody texts that they see agents at a corner, in words of their own, and is answered; the street it is at."""

    def text(say: str = "") -> str:
        street = next(CORNERS)
        hotline.phone(new_number()).answers_with((say or next(SAID)).format(street=street), within=30)
        return street.title()

    return text


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:02d}")
