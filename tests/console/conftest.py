"""The volunteers and the corner that the console's tests speak of."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import desk
from bot.alerts.models import Alert
from bot.clock import local, now
from bot.console.app import make_app
from bot.contacts.models import Channel, find_or_add
from bot.incidents.models import Incident
from bot.moderation import emergencies
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Saw
from bot.people import invitations, totp, vouching
from bot.people.models import Person, Role
from bot.reports import intake, matching
from bot.reports.models import Report, ReportKind
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from tests.console.desk import Browser, browser_of, stranger

PASSPHRASE = "tres gatos cruzan el puente"
SECRET = totp.fresh()
NUMBERS = tuple(f"+1323555{last:04d}" for last in range(101, 131))
SEEN = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"


@dataclass(frozen=True)
class People:
    """Each of their own line, but Nora, whom Ana invited."""

    ana: Person
    nora: Person
    luz: Person
    dora: Person
    vera: Person

    def of(self, role: Role) -> Person:
        return {
            Role.COORDINATOR: self.ana,
            Role.ORGANIZER: self.luz,
            Role.DISPATCHER: self.dora,
            Role.VERIFIER: self.vera,
        }[role]


@dataclass(frozen=True)
class Corner:
    """Pacific and Florence: reported, seen by Vera, waiting for its second person."""

    incident: Incident
    alert: Alert
    report: Report
    emergency: Emergency


@pytest.fixture
def people(database_url: str, redis_url: str) -> People:
    with writing() as session:
        ana = _founder(session, "Ana", Role.COORDINATOR)
        luz = _founder(session, "Luz", Role.ORGANIZER)
        invited = invitations.invite(session, ana, Role.ORGANIZER)
        vouching.vouch(session, invited.invitation_id, luz)
        nora = invitations.accept(session, invited.token, invited.code, "Nora", PASSPHRASE, secret=SECRET)
        nora.trial_began_at = None  # she has been here for long
        return People(
            ana=ana,
            nora=nora,
            luz=luz,
            dora=_founder(session, "Dora", Role.DISPATCHER),
            vera=_founder(session, "Vera", Role.VERIFIER, number=NUMBERS[0]),
        )


@pytest.fixture
def corner(people: People) -> Corner:
    with writing() as session:
        for number in NUMBERS[10:20]:
            subscribe(session, number, "hp")
        report = reported(session, NUMBERS[1], SEEN)
        cry = reported(session, NUMBERS[2], "estan tocando mi puerta ayuda", kind=ReportKind.EMERGENCY)
        emergency = emergencies.open(session, cry)
        incident = report.incident
        assert incident is not None
        desk.found(
            session,
            incident,
            session.get_one(Person, people.vera.id),
            Saw.IMMIGRATION,
            "8, vests",
            uniform="ICE",
        )
        alert = session.scalars(select(Alert).where(Alert.incident_id == incident.id)).one()
        return Corner(incident, alert, report, emergency)


@pytest.fixture
def app(database_url: str, redis_url: str) -> Flask:
    return make_app()


@pytest.fixture
def ana(app: Flask, people: People) -> Browser:
    """A coordinator of the north line."""
    return browser_of(app, people.ana)


@pytest.fixture
def nora(app: Flask, people: People) -> Browser:
    """An organizer whom Ana invited."""
    return browser_of(app, people.nora)


@pytest.fixture
def luz(app: Flask, people: People) -> Browser:
    """An organizer of another line."""
    return browser_of(app, people.luz)


@pytest.fixture
def dora(app: Flask, people: People) -> Browser:
    """A dispatcher."""
    return browser_of(app, people.dora)


@pytest.fixture
def vera(app: Flask, people: People) -> Browser:
    """A verifier, who saw it."""
    return browser_of(app, people.vera)


@pytest.fixture
def nobody(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return stranger(app)


def reported(
    session: Session, number: str, text: str, kind: ReportKind = ReportKind.REPORT, language: str = "es"
) -> Report:
    contact = find_or_add(session, number, Channel.SMS)
    sighting = intake.read(text, language)
    return matching.file(session, contact=contact, text=text, language=language, kind=kind, sighting=sighting)


def subscribe(session: Session, number: str, subject: str, language: str = "es") -> None:
    contact = find_or_add(session, number, Channel.SMS)
    contact.language = language
    session.add(Subscription(subject=subject, contact_id=contact.id, joined_on=local(now()).date()))
    session.flush()


def _founder(session: Session, name: str, role: Role, number: str = "") -> Person:
    invited = invitations.found(session, f"{name}'s line", role)
    person = invitations.accept(session, invited.token, invited.code, name, PASSPHRASE, secret=SECRET)
    if number:
        person.contact = find_or_add(session, number, Channel.SMS)
        session.flush()
    return person
