"""Who may decide about somebody else, who is the second, and what ends it? The same answers for lost keys and for roles."""

from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.people.agreed_models import ByTwo
from bot.people.models import Person, Role
from bot.privacy import audit

Decision = TypeVar("Decision", bound=ByTwo)

_MANAGED = (Role.ORGANIZER, Role.COORDINATOR)


class Refusal(RuntimeError):
    """Why not is its first argument, a key of `console.hands_refused`."""


def first_trouble(by: Person, person: Person) -> str | None:
    """Why this person cannot begin it, or `None`."""
    if not by.may_release:
        return "not_your_role"
    if by.id == person.id:
        return "not_yourself"
    return "revoked" if person.revoked_at is not None and person.suspended_at is None else None


def second_trouble(
    by: Person, first: Person, person: Person, agreed: bool, role: Role | None = None, senior: bool = False
) -> str | None:
    """Why this person is not the second, or `None`. `role`: the one that would be given, `senior` or not."""
    if trouble := first_trouble(by, person):
        return trouble
    if agreed:
        return "over"
    if first.revoked_at is not None:
        return "first_gone"
    if by.id == first.id or by.line_id == first.line_id:
        return "same_line"
    powers = {person.role, role or person.role}
    if (senior or powers & set(_MANAGED)) and Role.COORDINATOR not in (by.role, first.role):
        return "a_coordinator"
    return None


def running(session: Session, kind: type[Decision], decision_id: int) -> Decision:
    """Held until the session ends. Raises `Refusal` when it is over."""
    asked = session.get(kind, decision_id, with_for_update=True, populate_existing=True)
    if asked is None or not asked.is_running:
        raise Refusal("over")
    return asked


def open_ones(session: Session, kind: type[Decision]) -> list[Decision]:
    wanted = select(kind).where(kind.ended_at.is_(None), kind.expires_at > now()).order_by(kind.id)
    return [asked for asked in session.scalars(wanted) if asked.is_running]


def give_way(session: Session, kind: type[ByTwo], person: Person) -> None:
    """Whatever of this kind is asked about them already ends: another follows."""
    session.execute(
        update(kind)
        .where(kind.person_id == person.id, kind.ended_at.is_(None))
        .values(ended_at=now())
        .execution_options(synchronize_session=False)
    )


def take_back(session: Session, asked: ByTwo, by: Person, entry: str) -> None:
    """Stopping takes one. `entry` names it in the record."""
    asked.ended_at = now()
    session.flush()
    audit.record(session, entry, f"person:{asked.person_id}", by.id)
