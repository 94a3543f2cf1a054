"""Who is on now? From ON to OFF, or to the end of a shift that nobody ended."""

import datetime as dt

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from bot.clock import ahead, now
from bot.contacts.models import Contact
from bot.people import sessions
from bot.people.models import Person, Role, Shift, SignedIn
from bot.privacy import audit
from bot.settings import settings
from bot.store.alone import alone

RELEASERS = (Role.ORGANIZER, Role.COORDINATOR)


def on(session: Session, person: Person) -> Shift:
    """Start a shift, or keep the one that runs."""
    alone(session, f"shift:{person.id}")
    running = current(session, person)
    if running:
        return running
    shift = Shift(person_id=person.id, starts_at=now(), ends_at=ahead(hours=settings().shift_hours))
    session.add(shift)
    person.last_here_at = now()
    audit.record(session, "shift.on", f"person:{person.id}", person.id)
    return shift


def off(session: Session, person: Person) -> bool:
    """End whatever shift runs, planned or begun by ON. False when there is none. What is planned for later stays planned."""
    alone(session, f"shift:{person.id}")
    running = _running(session, person)
    if not running:
        return False
    for shift in running:
        shift.ends_at = max(now(), shift.starts_at + dt.timedelta(microseconds=1))
    audit.record(session, "shift.off", f"person:{person.id}", person.id)
    return True


def current(session: Session, person: Person) -> Shift | None:
    """The shift that runs; of two that overlap, the one that ends last."""
    return next(iter(_running(session, person)), None)


def _running(session: Session, person: Person) -> list[Shift]:
    moment = now()
    running = (Shift.person_id == person.id, Shift.starts_at <= moment, Shift.ends_at > moment)
    return list(session.scalars(select(Shift).where(*running).order_by(Shift.ends_at.desc())))


def on_shift(session: Session, at: dt.datetime | None = None) -> list[Person]:
    """Everybody on shift at a moment (now), by id. Nobody whose access was taken away."""
    moment = at or now()
    working = select(Shift.person_id).where(Shift.starts_at <= moment, Shift.ends_at > moment)
    return _people(session, Person.id.in_(working))


def who_can_release(session: Session) -> list[Person]:
    """Organizers and coordinators who are on shift, or signed in and seen lately: who could be the second hand now."""
    idle = dt.timedelta(minutes=settings().session_idle_minutes)
    seen = select(SignedIn).where(SignedIn.ended_at.is_(None), SignedIn.last_seen_at > now() - idle)
    lately = session.scalars(seen.options(selectinload(SignedIn.person)))
    here = {sitting.person_id for sitting in lately if sessions.usable(sitting)}  # by their role: organizers have half
    working = select(Shift.person_id).where(Shift.starts_at <= now(), Shift.ends_at > now())
    return _people(session, Person.role.in_(RELEASERS), Person.id.in_(here) | Person.id.in_(working))


def with_phone(session: Session, *roles: Role) -> list[Person]:
    """Everybody of these roles whom a text can reach, on shift or not."""
    return [person for person in everybody(session, *roles) if can_be_texted(person)]


def everybody(session: Session, *roles: Role) -> list[Person]:
    """Everybody of these roles, on shift or not, with a phone or without."""
    return _people(session, Person.role.in_(roles))


def can_be_texted(person: Person) -> bool:
    """They gave a phone, did not say STOP, and the carrier reaches it."""
    contact: Contact | None = person.contact
    return contact is not None and not contact.is_stopped and contact.suppressed is None


def _people(session: Session, *only: ColumnElement[bool]) -> list[Person]:
    wanted = select(Person).where(Person.revoked_at.is_(None), *only).order_by(Person.id)
    return list(session.scalars(wanted.options(selectinload(Person.contact), selectinload(Person.areas))))
