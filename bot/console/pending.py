"""What waits for a second person? Invitations above verifier, new keys, other roles: in one list, with who may agree."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from bot.people import hands, vouching
from bot.people.agreed_models import ByTwo, Recovery, RoleChange
from bot.people.models import Invitation, Person, Role


@dataclass(frozen=True)
class Pending:
    """One thing: of whom, by whom and of which line, until when; why this person is not its second, if so."""

    kind: str
    name: str
    role: str
    """The last part of a key of `console.role`."""
    by: int | None
    line: int
    until: dt.datetime
    waits: bool
    cannot: str | None
    agree: str
    take_back: str


def of(session: Session, person: Person) -> list[Pending]:
    """As this organizer sees it."""
    return [
        *(_invitation(invitation, person) for invitation in vouching.open_ones(session)),
        *(_by_two(session, "recovery", asked, person) for asked in hands.open_ones(session, Recovery)),
        *(_by_two(session, "role", asked, person, asked) for asked in hands.open_ones(session, RoleChange)),
    ]


def _invitation(invitation: Invitation, person: Person) -> Pending:
    return Pending(
        kind="invitation",
        name="",
        role=invitation.role,
        by=invitation.invited_by,
        line=invitation.line_id,
        until=invitation.expires_at,
        waits=invitation.waits_for_a_second,
        cannot=vouching.trouble(person, invitation),
        agree=url_for("people.vouch", invitation_id=invitation.id),
        take_back=url_for("people.take_back", invitation_id=invitation.id),
    )


def _by_two(session: Session, kind: str, asked: ByTwo, person: Person, change: RoleChange | None = None) -> Pending:
    whose, first = session.get_one(Person, asked.person_id), session.get_one(Person, asked.asked_by_id)
    return Pending(
        kind=kind,
        name=whose.name,
        role=_role(whose, change),
        by=first.id,
        line=asked.asked_by_line,
        until=asked.expires_at,
        waits=asked.agreed_at is None,
        cannot=hands.second_trouble(person, first, whose, asked.is_agreed_by_another(person), *_given(change)),
        agree=url_for(f"person.agree_{kind}", asked_id=asked.id),
        take_back=url_for(f"person.take_back_{kind}", asked_id=asked.id),
    )


def _role(whose: Person, change: RoleChange | None) -> str:
    if change is None:
        return whose.role
    return "senior" if change.senior else change.role


def _given(change: RoleChange | None) -> tuple[Role | None, bool]:
    return (change.role, change.senior) if change is not None else (None, False)
