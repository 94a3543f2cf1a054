"""Whoever took a cry for help cannot go on with it: who hears of it then? Everybody who reads them, anew.

They say so themselves, or their access ended. Who only falls silent keeps it until another takes it over (`emergencies.take`).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.moderation import emergencies
from bot.moderation.emergency_models import Emergency
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit


def hand_on(session: Session, emergency: Emergency, person: Person) -> None:
    """The taker cannot: the others are paged again. Raises `Refused`."""
    session.refresh(emergency, with_for_update=True)
    if emergency.taken_by != person.id or emergency.closed_at is not None:
        raise Refused("console.emergency.not_yours")
    _open_again(session, emergency)
    audit.record(session, "emergency.handed_on", f"emergency:{emergency.id}", person.id)


def of_those_who_left(session: Session) -> int:
    """The clock's: what was taken by somebody whose access ended since is nobody's, and others are paged; how many."""
    left = (
        select(Emergency)
        .join(Person, Person.id == Emergency.taken_by)
        .where(Emergency.closed_at.is_(None), Emergency.taken_at.is_not(None), Person.revoked_at.is_not(None))
    )
    stuck = list(session.scalars(left.with_for_update(skip_locked=True, of=Emergency)))
    for emergency in stuck:
        audit.record(session, "emergency.taker_left", f"emergency:{emergency.id}", emergency.taken_by)
        _open_again(session, emergency)
    return len(stuck)


def _open_again(session: Session, emergency: Emergency) -> None:
    """Its clock for "nobody has taken it" begins anew: that was true of another moment."""
    before, emergency.taken_by, emergency.taken_at, emergency.nobody_said_at = emergency.taken_by, None, None, None
    session.flush()
    emergencies.page_readers(session, emergency, but=before)
