"""Do they work here, now? Asked so that nobody's access ends in the middle of their act: it ends before, or after."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.models import Person


def hold(session: Session, *ids: int | None) -> None:
    """Read these people anew, and let whoever would revoke them wait until this session ends.

    In order of id, and shared: any two who hold the same people do not wait for each other.
    """
    people = select(Person).where(Person.id.in_([id_ for id_ in ids if id_ is not None])).order_by(Person.id)
    session.scalars(people.with_for_update(read=True).execution_options(populate_existing=True)).all()


def is_gone(session: Session, person_id: int | None) -> bool:
    """Whether this person's access was ended. Their word is then nobody's first hand any more."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person is not None and person.revoked_at is not None
