"""Who lives in these tests? Verifiers, organizers and residents of Huntington Park, and what their phones received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import by_text
from bot.clock import ahead, local, now
from bot.contacts.models import Channel, Contact, find_or_add
from bot.incidents.models import Incident
from bot.moderation import paging, sweeping
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery
from bot.people.models import InvitationLine, Person, PersonArea, Role, Shift
from bot.reports import intake, matching
from bot.reports.models import Report, ReportKind
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription
from tests.services.settings import Environment

LUIS = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"
ROSA = "I see ICE agents at Pacific and Florence in Huntington Park, lots of them getting out of vans"
ELSEWHERE = "hay agentes de ICE en Gage y State en Huntington Park, se llevan a un senor"


def number(n: int) -> str:
    return f"+1323555{100 + n:04d}"


@dataclass
class Town:
    """One session and the people in it."""

    session: Session
    lines: dict[str, InvitationLine] = field(default_factory=dict)
    given: int = 0

    def phone(self, language: str = "es") -> Contact:
        self.given += 1
        contact = find_or_add(self.session, number(self.given), Channel.SMS)
        contact.language = language
        return contact

    def person(
        self,
        name: str,
        role: Role = Role.VERIFIER,
        *,
        line: str = "ash",
        areas: tuple[str, ...] = ("hp",),
        senior: bool = False,
        on: bool = True,
        phone: bool = True,
    ) -> Person:
        if line not in self.lines:
            self.lines[line] = InvitationLine(name=line, created_at=now())
            self.session.add(self.lines[line])
            self.session.flush()
        person = Person(
            name=name,
            role=role,
            senior=senior,
            line_id=self.lines[line].id,
            created_at=now(),
            language="en",
            contact=self.phone("en") if phone else None,
            areas=[PersonArea(neighborhood=area) for area in areas],
        )
        self.session.add(person)
        self.session.flush()
        if on:
            self.session.add(Shift(person_id=person.id, starts_at=now(), ends_at=ahead(hours=8)))
            self.session.flush()
        return person

    def named(self, name: str) -> Person:
        return self.session.scalars(select(Person).where(Person.name == name)).one()

    def neighbor(self, *subjects: str, language: str = "es") -> Contact:
        contact = self.phone(language)
        today = local(now()).date()
        self.session.add_all(
            Subscription(subject=subject, contact_id=contact.id, joined_on=today) for subject in subjects or ("hp",)
        )
        self.session.flush()
        return contact

    def tells(self, contact: Contact | None, text: str = LUIS, kind: ReportKind = ReportKind.REPORT) -> Report:
        sighting = intake.read(text, "es")
        return matching.file(self.session, contact=contact, text=text, language="es", kind=kind, sighting=sighting)

    def incident(self, text: str = LUIS) -> Incident:
        """Luis reports, and whoever is near is paged."""
        incident = self.tells(self.phone(), text).incident
        assert incident is not None
        paging.page(self.session, incident)
        return incident

    def received(self, who: Contact | Person) -> list[Delivery]:
        contact = who.contact if isinstance(who, Person) else who
        assert contact is not None
        return list(
            self.session.scalars(select(Delivery).where(Delivery.contact_id == contact.id).order_by(Delivery.id))
        )

    def keys(self, who: Contact | Person) -> list[str]:
        """The catalog keys of what this person was sent, in order."""
        return [delivery.key or f"broadcast:{delivery.broadcast_id}" for delivery in self.received(who)]

    def last(self, who: Contact | Person) -> dict[str, Any]:
        """The values of the last text: the numbers that were given."""
        return self.received(who)[-1].values or {}

    def read(self, who: Contact | Person) -> list[str]:
        return [answers.rendered(delivery) for delivery in self.received(who) if delivery.key]


@pytest.fixture
def town(database_url: str, env: Environment) -> Iterator[Town]:
    """A town whose every act is in one transaction, which is kept at the end as it would be in life."""
    with writing() as session:
        yield Town(session)


@pytest.fixture
def dora(town: Town) -> Person:
    """A dispatcher, who has no phone of ours."""
    return town.person("Dora", Role.DISPATCHER, line="oak", phone=False)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel("2026-11-22T13:08:00Z", tick=False) as traveller:
        yield traveller


def later(clock: time_machine.Traveller, **span: float) -> None:
    clock.shift(timedelta(**span))


def sweep(clock: time_machine.Traveller, **span: float) -> None:
    """Time passes, and two clocks look."""
    later(clock, **span)
    sweeping.sweep()
    sweeping.sweep()


def keys(name: str) -> list[str]:
    """What this person was sent, in order."""
    with reading() as session:
        town = Town(session)
        return town.keys(town.named(name))


def said(name: str, text: str) -> bool:
    """Their text, and whether it was a volunteer's word or number."""
    with writing() as session:
        person = Town(session).named(name)
        assert person.contact is not None
        return by_text.hear(session, person, text, person.contact)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"(?<!\d)\d{4}(?!\d)", text)
