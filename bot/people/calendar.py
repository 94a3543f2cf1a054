"""Who will be on when? Shifts are planned ahead by those who work them, and for others by coordinators."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.clock import ahead, local, now
from bot.people import access
from bot.people.models import Person, Role, Shift
from bot.privacy import audit
from bot.settings import settings
from bot.store.alone import alone

WEEK = dt.timedelta(days=7)


class PlanRefused(RuntimeError):
    """Why not is its first argument, a key of `console.plan_refused`."""


def may_plan_for(by: Person, person: Person) -> bool:
    """One's own shifts; a coordinator anybody's."""
    return by.revoked_at is None and (by.id == person.id or by.role is Role.COORDINATOR)


def plan(session: Session, person: Person, start: dt.datetime, end: dt.datetime, by: Person) -> Shift:
    """A shift to come, or one that begins now. Raises `PlanRefused`."""
    alone(session, f"shift:{person.id}")
    access.hold(session, by.id, person.id)
    if reason := _trouble(session, person, start, end, by):
        raise PlanRefused(reason)
    shift = Shift(person_id=person.id, starts_at=start, ends_at=end)
    session.add(shift)
    session.flush()
    audit.record(session, "shift.planned", f"person:{person.id}", by.id, detail=f"shift:{shift.id}")
    return shift


def cancel(session: Session, shift_id: int, by: Person) -> Person:
    """Whose shift it was. One that has begun ends now; what is over stays in the record. Raises `PlanRefused`."""
    shift = session.get(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None or shift.ends_at <= now():
        raise PlanRefused("over")
    person = session.get_one(Person, shift.person_id)
    if not may_plan_for(by, person):
        raise PlanRefused("not_yours")
    if shift.starts_at < now():
        shift.ends_at = now()
    else:
        session.delete(shift)
    session.flush()
    audit.record(session, "shift.cancelled", f"person:{person.id}", by.id, detail=f"shift:{shift_id}")
    return person


def between(session: Session, start: dt.datetime, end: dt.datetime) -> list[tuple[Shift, Person]]:
    """Every shift that touches this time, with whose it is, in order."""
    touching = (
        select(Shift, Person)
        .join(Person, Person.id == Shift.person_id)
        .where(Shift.starts_at < end, Shift.ends_at > start, Person.revoked_at.is_(None))
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Person.areas))
    )
    return [(shift, person) for shift, person in session.execute(touching)]


def today() -> dt.date:
    return local(now()).date()


def moment(day: dt.date, hour: int) -> dt.datetime:
    """That hour of that day as people here read it. In spring one hour does not exist: then the next one is meant."""
    here = dt.datetime.combine(day, dt.time(hour), ZoneInfo(settings().time_zone))
    return here.astimezone(dt.UTC)


def span(day: dt.date, first: int, last: int) -> tuple[dt.datetime, dt.datetime]:
    """From hour to hour; an end that is not after the start is the next day's. An hour that runs already begins now."""
    end = moment(day if last > first else day + dt.timedelta(days=1), last)
    start = moment(day, first)
    return (max(start, now()) if start <= now() < end else start), end


def days_from(first: dt.date, count: int) -> Iterator[tuple[dt.date, dt.datetime, dt.datetime]]:
    """(day, its first moment, its last): a day here has 23 to 25 hours."""
    for number in range(count):
        day = first + dt.timedelta(days=number)
        yield day, moment(day, 0), moment(day + dt.timedelta(days=1), 0)


def _trouble(session: Session, person: Person, start: dt.datetime, end: dt.datetime, by: Person) -> str | None:
    if not may_plan_for(by, person):
        return "not_yours"
    if person.revoked_at is not None:
        return "gone"
    if end <= start or end <= now() or start < now() - dt.timedelta(minutes=1):
        return "past"
    if end - start > dt.timedelta(hours=settings().shift_longest_hours):
        return "too_long"
    if start > ahead(days=settings().shift_plan_days):
        return "too_far"
    touching = select(Shift.id).where(Shift.person_id == person.id, Shift.starts_at < end, Shift.ends_at > start)
    return "overlaps" if session.scalars(touching).first() is not None else None
