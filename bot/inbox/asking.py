"""Where does our talk with this contact stand? At most one question is open at a time."""

from sqlalchemy.orm import Session

from bot.clock import now
from bot.inbox.models import Conversation


def conversation(session: Session, contact_id: int) -> Conversation:
    """Where the talk stands; made on first use."""
    return session.get(Conversation, contact_id) or begin(session, contact_id)


def begin(session: Session, contact_id: int) -> Conversation:
    """For a contact with whom nothing is remembered."""
    begun = Conversation(contact_id=contact_id, about={}, asked_at=now(), more=0)
    session.add(begun)
    return begun
