"""Who lives in the town whose truth is put to the test? Volunteers of three invitation lines, neighbors, and their phones."""

from dataclasses import dataclass

import time_machine
from sqlalchemy.orm import Session

from bot.clock import ahead, local, now
from bot.contacts.models import Channel, find_or_add
from bot.people.models import InvitationLine, Person, PersonArea, Role, Shift
from bot.store.engine import engine
from bot.store.session import writing
from bot.subscriptions.models import Subscription

BEGINS = "2026-11-22T13:08:00Z"
SHIFT_HOURS = 72


@dataclass(frozen=True)
class Volunteer:
    """Somebody of the hotline, as this test knows them: the database may say what it likes of them afterwards."""

    id: int
    name: str
    role: Role
    line: str
    number: str
    senior: bool = False

    def __repr__(self) -> str:
        return self.name

    @property
    def may_release(self) -> bool:
        return self.role in (Role.ORGANIZER, Role.COORDINATOR)


def number(n: int) -> str:
    return f"+1323555{100 + n:04d}"


VOLUNTEERS = (
    Volunteer(1, "Vera", Role.VERIFIER, "ash", number(1)),
    Volunteer(2, "Vic", Role.VERIFIER, "birch", number(2)),
    Volunteer(3, "Sol", Role.VERIFIER, "cedar", number(3), senior=True),
    Volunteer(4, "Olga", Role.ORGANIZER, "birch", number(4)),
    Volunteer(5, "Omar", Role.ORGANIZER, "ash", number(5)),
    Volunteer(6, "Cora", Role.COORDINATOR, "cedar", number(6)),
    Volunteer(7, "Dan", Role.DISPATCHER, "birch", number(7)),
)
OF_LINE = {"ash": 1, "birch": 2, "cedar": 3}
BY_ID = {one.id: one for one in VOLUNTEERS}
VERIFIERS = tuple(one for one in VOLUNTEERS if one.role is Role.VERIFIER)
SENIOR = next(one for one in VERIFIERS if one.senior)
DISPATCHER = next(one for one in VOLUNTEERS if one.role is Role.DISPATCHER)
RELEASERS = tuple(one for one in VOLUNTEERS if one.may_release)
REPORTERS = tuple(number(n) for n in range(11, 15))
NEIGHBORS = {number(21): "es", number(22): "en", number(23): "vi"}
"""They asked for alerts of Huntington Park."""


def settle(url: str) -> None:
    """Everybody moves in: what each sequence begins with."""
    with time_machine.travel(BEGINS, tick=False), writing(url) as session:
        for name in OF_LINE:
            session.add(InvitationLine(name=name, created_at=now()))
            session.flush()  # one by one: their ids are those we know them by
        for one in VOLUNTEERS:
            _joins(session, one, OF_LINE[one.line])
        for address, language in NEIGHBORS.items():
            contact = find_or_add(session, address, Channel.SMS)
            contact.language = language
            session.add(Subscription(subject="hp", contact_id=contact.id, joined_on=local(now()).date()))
    engine(url).dispose()  # the file is copied as it stands


def _joins(session: Session, one: Volunteer, line_id: int) -> None:
    contact = find_or_add(session, one.number, Channel.SMS)
    contact.language = "en"
    person = Person(
        name=one.name,
        role=one.role,
        senior=one.senior,
        line_id=line_id,
        created_at=now(),
        language="en",
        contact=contact,
        areas=[PersonArea(neighborhood="hp")],
    )
    session.add(person)
    session.flush()
    if person.id != one.id:
        raise RuntimeError(f"{one.name} has another id than these tests know")
    session.add(Shift(person_id=person.id, starts_at=now(), ends_at=ahead(hours=SHIFT_HOURS)))
    session.flush()
