"""Who sits at the console in a drill? Two organizers of two lines, each signed in, and an alert that waits for one of them."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import desk
from bot.alerts.models import Alert
from bot.contacts.models import Channel, find_or_add
from bot.demo.seed import number
from bot.incidents.models import Incident
from bot.moderation.models import Saw
from bot.people import invitations, sessions
from bot.people.models import Person, Role
from bot.reports import intake, matching
from bot.reports.models import ReportKind
from bot.store.session import writing
from tests.drills.drill import FIRST

PASSPHRASE = "tres gatos cruzan el puente"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
WORDS = re.compile(r'name="words" value="([0-9a-f]{64})"')
COOKIE = "contigo-session"
ANSWER_SECONDS = 60
CLICKS = 2


@dataclass(frozen=True)
class Waiting:
    """An alert that a second person may let out."""

    page: str
    code: str


class Desk:
    """The console of a running web process."""

    def __init__(self, address: str) -> None:
        self.console = f"{address}/console"
        self._reporters = iter(range(FIRST))
        with writing() as session:
            self._vera = _founder(session, "Vera", Role.VERIFIER)
            organizers = [_founder(session, name, Role.ORGANIZER) for name in ("Luz", "Nora")]
            self.cookies = [sessions.open_session(session, person) for person in organizers]

    def confirmed(self, street: str, cross: str) -> Waiting:
        """Somebody reports it, Vera goes and sees it, and the alert is drafted."""
        words = f"la migra esta en la {street} y {cross} ahorita son como 8, 2 camionetas blancas"
        with writing() as session:
            contact = find_or_add(session, number(next(self._reporters)), Channel.SMS)
            report = matching.file(
                session, contact=contact, text=words, language="es", kind=ReportKind.REPORT,
                sighting=intake.read(words, "es"),
            )  # fmt: skip
            incident = session.get_one(Incident, report.incident_id)
            desk.found(
                session, incident, session.get_one(Person, self._vera.id), Saw.IMMIGRATION, "8, vests", uniform="ICE"
            )
            alert = session.scalars(select(Alert).where(Alert.incident_id == incident.id)).one()
            return Waiting(f"/alerts/{alert.id}", incident.code)

    def everyone_presses_at_once(self, waiting: Waiting) -> Counter[int]:
        """Both people, twice each, at one barrier; how often each status was answered."""
        browsers = [self._reads(cookie, waiting) for cookie in self.cookies]
        pressing = [browser for browser in browsers for _ in range(CLICKS)]
        barrier = threading.Barrier(len(pressing))
        with ThreadPoolExecutor(len(pressing)) as hands:
            return Counter(
                hands.map(lambda browser: _press(barrier, f"{self.console}{waiting.page}/release", *browser), pressing)
            )

    def _reads(self, cookie: str, waiting: Waiting) -> tuple[dict[str, str], dict[str, str]]:
        """The release page in this person's browser: its cookies, and what its form would send."""
        browser = requests.Session()
        browser.cookies.set(COOKIE, cookie)
        page = browser.get(f"{self.console}{waiting.page}", timeout=ANSWER_SECONDS)
        token, words = TOKEN.search(page.text), WORDS.search(page.text)
        assert token
        assert words, "this page has no release form"
        cookies = {kept.name: kept.value or "" for kept in browser.cookies}
        return cookies, {"csrf_token": token[1], "words": words[1]}


def _press(barrier: threading.Barrier, address: str, cookies: dict[str, str], form: dict[str, str]) -> int:
    barrier.wait()
    said = requests.post(address, form, cookies=cookies, allow_redirects=False, timeout=ANSWER_SECONDS)
    return said.status_code


def _founder(session: Session, name: str, role: Role) -> Person:
    invited = invitations.found(session, f"{name}'s line", role)
    return invitations.accept(session, invited.token, invited.code, name, PASSPHRASE)
