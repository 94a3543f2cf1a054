"""What came in, and what did we last ask? Each carrier id is kept once, in the transaction of its effect."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.privacy import texts
from bot.settings import settings
from bot.store.types import Base, BigId, Moment, kept, of_contact

SINCE = "since"
"""In what a question is about: when the text was written that we asked it about, where that was long before."""
RELAYED = "relayed"
"""A volunteer's question, and not ours."""
CLOCK_SKEW_SECONDS = 5
"""The carrier's times are whole seconds, by its own clock."""


class InboundText(Base):
    """One message in. The unique `sid` makes a repeated webhook harmless."""

    __tablename__ = "inbound_text"
    __table_args__ = (
        Index("ix_inbound_text_contact", "contact_id", "received_at"),
        {"info": kept("to answer each text once, though the carrier may bring it twice", days=7, by="received_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    contact_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="SET NULL"), info=of_contact("unlink")
    )
    locked: Mapped[bytes | None] = mapped_column(LargeBinary, info={"blank_days": 1})
    media: Mapped[int] = mapped_column(SmallInteger, default=0)
    twiml: Mapped[bytes | None] = mapped_column(LargeBinary, info={"blank_days": 1})
    """What we answered in the response, locked: a repeat of this webhook gets the same."""
    received_at: Mapped[dt.datetime] = mapped_column(Moment)
    """When the carrier had it. Nearly always that is now; a text that missed us keeps its time (`hotline.catching_up`)."""

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, words_of(self.sid)) if self.locked else ""

    def keep(self, text: str) -> None:
        self.locked = texts.lock(text, words_of(self.sid))


def words_of(sid: str) -> str:
    """What a text's own words are locked to."""
    return f"inbox:{sid}"


def answer_to(sid: str) -> str:
    """What the answer to it is locked to."""
    return f"twiml:{sid}"


class Conversation(Base):
    """Where the talk with one contact stands: the question we asked, and what an answer needs to be understood."""

    __tablename__ = "conversation"
    __table_args__ = {"info": kept("to understand your answer to our question", days=2, by="asked_at")}

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, info=of_contact("delete")
    )
    asked: Mapped[str | None] = mapped_column(String(32))
    """Which question is open (a name of `hotline.conversation`), or none."""
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Ids and choices only, never what the person wrote."""
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_topic: Mapped[str | None] = mapped_column(String(32))
    more: Mapped[int] = mapped_column(SmallInteger, default=0)
    emergency_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When they last cried for help: what they write soon after belongs to it."""

    def ask(self, question: str, **about: Any) -> None:
        """Remember what we asked. `about` holds ids and choices only, never what the person wrote."""
        self.asked, self.about, self.asked_at = question, about, now()

    def open_question(self, at: dt.datetime | None = None) -> tuple[str, dict[str, Any]] | None:
        """The question that waits for its answer, with what it was about; an old one has lapsed. `at`: as it was then."""
        lapsed = dt.timedelta(minutes=_open_minutes(self.asked))
        if self.asked is None or self.asked_at < (at or now()) - lapsed or (at and self.asked_after(at)):
            return None
        return self.asked, self.about

    def asked_after(self, at: dt.datetime) -> bool:
        """Whether the open question is younger than a text of that moment, which then is no answer to it.

        Asked about a text that missed us, it is as old as that one: what was written next may well be its answer.
        """
        if self.asked is None:
            return False
        asked = dt.datetime.fromisoformat(self.about[SINCE]) if SINCE in self.about else self.asked_at
        return asked > at + dt.timedelta(seconds=CLOCK_SKEW_SECONDS)

    def answered(self) -> None:
        """The question has its answer, or no longer matters."""
        if self.asked is not None:
            self.asked, self.about = None, {}


def _open_minutes(question: str | None) -> float:
    """A volunteer's question waits as long as the talk with them lasts (`moderation.relaying`)."""
    return settings().relay_hours * 60 if question == RELAYED else settings().conversation_minutes
