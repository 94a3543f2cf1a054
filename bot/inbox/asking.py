"""What did we last ask this contact, and is the question still open? At most one question is open at a time."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.inbox.models import Conversation
from bot.settings import settings

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def conversation(session: Session, contact_id: int) -> Conversation:
    """Where the talk stands; made on first use."""
    talk = session.get(Conversation, contact_id)
    if talk is None:
        talk = Conversation(contact_id=contact_id, about={}, asked_at=LONG_AGO, more=0)
        session.add(talk)
    return talk


def ask(session: Session, contact_id: int, question: str, **about: Any) -> None:
    """Remember what we asked. `about` holds ids and choices only, never what the person wrote."""
    talk = conversation(session, contact_id)
    talk.asked, talk.about, talk.asked_at = question, about, now()


def open_question(session: Session, contact_id: int) -> tuple[str, dict[str, Any]] | None:
    """The question that still waits for its answer, with what it was about; an old one has lapsed."""
    talk = session.get(Conversation, contact_id)
    if talk is None or talk.asked is None or talk.asked_at < ago(minutes=settings().conversation_minutes):
        return None
    return talk.asked, talk.about


def answered(session: Session, contact_id: int) -> None:
    """The question has its answer, or no longer matters."""
    talk = session.get(Conversation, contact_id)
    if talk is not None:
        talk.asked, talk.about = None, {}
