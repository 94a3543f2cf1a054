"""Volunteers with real browsers, in front of the whole running hotline."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as TooLate

from bot.clock import local, now
from bot.contacts.models import Channel, find_or_add
from bot.people import invitations, shifts, totp
from bot.people.models import Role
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from messages import catalog
from tests.journeys.corners import SAID, SEES, untold
from tests.services.settings import Environment
from tests.services.system import Hotline
from tests.services.waiting import patient

PASSPHRASE = "tres gatos cruzan el puente"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}
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
        self._waits(self.page.get_by_text(words).first, patient(within))

    def presses(self, words: str) -> None:
        button = self.page.get_by_role("button", name=words).first
        self._waits(button, patient(30))
        button.click()

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

    def _waits(self, wanted: Locator, milliseconds: float) -> None:
        """For this to be on the page; what is on it instead is said."""
        try:
            wanted.wait_for(timeout=milliseconds)
        except TooLate as missed:
            missed.add_note(f"{self.name} reads at {self.page.url}:\n{self.page.inner_text('body')}")
            raise

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
def telling(hotline: Hotline, new_number: Callable[[], str]) -> Callable[..., tuple[str, str]]:
    """Somebody tells of agents at a corner nobody has told of, and is answered: the street, and the number that told."""

    def tell(say: str = SEES) -> tuple[str, str]:
        street, crossing = untold(hotline)
        number = new_number()
        hotline.phone(number).answers_with(say.format(street=street, crossing=crossing), within=30)
        return street.title(), number

    return tell


@pytest.fixture
def reported(telling: Callable[..., tuple[str, str]]) -> Callable[..., str]:
    """Somebody texts that they see agents at a corner, each in words of their own; the street it is at."""
    return lambda say="": telling(say or next(SAID))[0]


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:02d}")
