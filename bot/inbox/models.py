"""What came in, and what did we last ask? Each carrier id is kept once, in the transaction of its effect."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.privacy import texts
from bot.store.types import Base, BigId, Moment, kept, of_contact


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

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, f"inbox:{self.sid}") if self.locked else ""

    def keep(self, text: str) -> None:
        self.locked = texts.lock(text, f"inbox:{self.sid}")

    @property
    def answer(self) -> str | None:
        return texts.unlock(self.twiml, f"twiml:{self.sid}") if self.twiml else None

    def keep_answer(self, xml: str) -> None:
        self.twiml = texts.lock(xml, f"twiml:{self.sid}")


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
