"""Who gets another role, or is a senior verifier? Whoever two people of two lines say; a coordinator is among them where it is
one that lets alerts out, or that settles disputes.
"""

from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people import access, hands
from bot.people.agreed_models import RoleChange
from bot.people.hands import Refusal, first_trouble, second_trouble
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.settings import settings
from bot.store.alone import alone


def ask(session: Session, person: Person, role: Role, by: Person, *, senior: bool = False) -> RoleChange:
    """The first of the two. Nothing changes yet. `senior`: as a verifier of experience. Raises `Refusal`."""
    alone(session, f"person:{person.id}")
    access.hold(session, by.id, person.id)
    if reason := first_trouble(by, person):
        raise Refusal(reason)
    if person.revoked_at is not None:
        raise Refusal("revoked")
    if person.role is role and person.senior >= senior:
        raise Refusal("has_it")
    if senior and person.is_on_trial:
        raise Refusal("on_trial")
    hands.give_way(session, RoleChange, person)
    asked = RoleChange(
        person_id=person.id,
        role=role,
        senior=senior,
        asked_by_id=by.id,
        asked_by_line=by.line_id,
        created_at=now(),
        expires_at=ahead(hours=settings().invitation_hours),
    )
    session.add(asked)
    session.flush()
    audit.record(session, "role.asked", f"person:{person.id}", by.id, detail=_named(asked))
    return asked


def agree(session: Session, change_id: int, by: Person) -> Person:
    """The second: the role holds with the person's next request. Raises `Refusal`."""
    asked = hands.running(session, RoleChange, change_id)
    person = session.get_one(Person, asked.person_id, with_for_update=True, populate_existing=True)
    access.hold(session, asked.asked_by_id, by.id)
    first = session.get_one(Person, asked.asked_by_id)
    if reason := second_trouble(by, first, person, asked.agreed_at is not None, asked.role, asked.senior):
        raise Refusal(reason)
    if person.revoked_at is not None:
        raise Refusal("revoked")
    asked.agreed_by_id, asked.agreed_by_line = by.id, by.line_id
    asked.agreed_at = asked.ended_at = now()
    before, person.role = person.role, asked.role
    person.senior = person.senior or asked.senior
    if _was_never_on_trial(person):
        person.trial_began_at = now()
    session.flush()
    audit.record(session, "role.changed", f"person:{person.id}", by.id, detail=f"{before}>{_named(asked)}")
    return person


def _named(asked: RoleChange) -> str:
    return f"senior {asked.role}" if asked.senior else asked.role


def _was_never_on_trial(person: Person) -> bool:
    """Another role is no way round it: founders and seniors alone begin with looks that count."""
    invited = person.invited_by is not None and not person.senior
    return invited and person.trial_began_at is None and settings().trial_findings > 0


def take_back(session: Session, change_id: int, by: Person) -> None:
    """The role stays as it is. Raises `Refusal`."""
    hands.take_back(session, hands.running(session, RoleChange, change_id), by, "role.taken_back")
