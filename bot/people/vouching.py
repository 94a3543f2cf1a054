"""Who else says yes to an invitation? For every role above verifier somebody of another line; one alone may take it back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.people import access
from bot.people.invitations import InvitationRefused
from bot.people.models import WRONG_CODES, Invitation, Person
from bot.privacy import audit


def open_ones(session: Session) -> list[Invitation]:
    """The invitations that can still be used, or wait for their second person; the latest first."""
    usable = select(Invitation).where(
        Invitation.used_at.is_(None),
        Invitation.ended_at.is_(None),
        Invitation.expires_at > now(),
        Invitation.wrong_codes < WRONG_CODES,
    )
    return list(session.scalars(usable.order_by(Invitation.id.desc())))


def trouble(person: Person, invitation: Invitation) -> str | None:
    """Why this person is not its second (a reason of `InvitationRefused`), or `None`."""
    if not person.may_release:
        return "not_your_role"
    return "same_line" if person.line_id == invitation.line_id else None


def vouch(session: Session, invitation_id: int, by: Person) -> Invitation:
    """The second yes. Raises `InvitationRefused`."""
    invitation = _held(session, invitation_id)
    access.hold(session, by.id)
    reason = trouble(by, invitation)
    if reason:
        raise InvitationRefused(reason)
    if invitation.waits_for_a_second:
        invitation.confirmed_by_id, invitation.confirmed_by_line = by.id, by.line_id
        session.flush()
        audit.record(session, "invitation.vouched", f"invitation:{invitation.id}", by.id, detail=invitation.role)
    return invitation


def take_back(session: Session, invitation_id: int, by: Person) -> None:
    """Stopping takes one. Raises `InvitationRefused`."""
    invitation = _held(session, invitation_id)
    invitation.ended_at = now()
    session.flush()
    audit.record(session, "invitation.taken_back", f"invitation:{invitation.id}", by.id)


def _held(session: Session, invitation_id: int) -> Invitation:
    invitation = session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if invitation is None or invitation.used_at or invitation.ended_at or invitation.expires_at <= now():
        raise InvitationRefused("over")
    return invitation
