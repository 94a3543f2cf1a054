"""Who has not been here for a month, and whose access ends by itself? Keys that nobody uses are keys that somebody may find.

Being here is to sign in, to click, to have a shift. After `IDLE_SHOWN_DAYS` the people page says it; after `IDLE_ENDED_DAYS`
access ends as if somebody had ended it, but two people of two lines can give it back (`people.recovery`). It never ends for
those without whom no two lines could let an alert out: an empty hotline must still open to its own people.
"""

import datetime as dt

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.people import sessions
from bot.people.models import Person, Shift
from bot.privacy import audit
from bot.settings import settings
from bot.store.alone import alone
from bot.store.session import writing

LINES_IT_TAKES = 2
log = structlog.get_logger()


def suspend_idle() -> int:
    """The clock's task: end the access of whoever was not here for `IDLE_ENDED_DAYS`; how many."""
    ended = 0
    with writing() as session:
        alone(session, "access review")  # two clocks would each spare the other's last line
        for person in idle(session, settings().idle_ended_days):
            if _can_be_spared(session, person):
                _suspend(session, person)
                ended += 1
    if ended:
        log.info("access_suspended", count=ended)
    return ended


def idle(session: Session, days: float) -> list[Person]:
    """Who was not here for so many days, the longest first. Whoever is on shift, or will be, is here."""
    since = func.coalesce(Person.last_here_at, Person.created_at)
    working = select(Shift.person_id).where(Shift.ends_at > ago(days=days))
    absent = select(Person).where(Person.revoked_at.is_(None), since < ago(days=days), Person.id.not_in(working))
    return list(session.scalars(absent.order_by(since, Person.id)))


def suspended(session: Session) -> list[Person]:
    """Whose access ended by itself, the latest first."""
    return list(
        session.scalars(select(Person).where(Person.suspended_at.is_not(None)).order_by(Person.suspended_at.desc()))
    )


def ends_on(person: Person) -> dt.datetime:
    """When this person's access ends by itself if they do not come."""
    return (person.last_here_at or person.created_at) + dt.timedelta(days=settings().idle_ended_days)


def _can_be_spared(session: Session, person: Person) -> bool:
    if not person.may_release:
        return True
    session.flush()
    others = select(Person).where(Person.revoked_at.is_(None), Person.id != person.id)
    return len({other.line_id for other in session.scalars(others) if other.may_release}) >= LINES_IT_TAKES


def _suspend(session: Session, person: Person) -> None:
    person.revoked_at = person.suspended_at = now()
    sessions.end_all(session, person)
    audit.record(session, "person.suspended", f"person:{person.id}")
