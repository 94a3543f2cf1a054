"""Which devices know a person, and what were they just asked? Public keys only: what proves them never leaves the device."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class Purpose(StrEnum):
    """What a challenge was made for: an answer to one is no answer to another."""

    ENTER = "enter"
    PROVE = "prove"
    ADD = "add"


class Passkey(Base):
    """One key of one person, on a phone, a laptop or a small device."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="counts_up"),
        {"info": kept("to know you by your own device")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigId, default=0)
    """What the key last counted (0: it does not). One that counts less than before was copied."""
    may_sync: Mapped[bool] = mapped_column(default=False)
    is_synced: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_used_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class Challenge(Base):
    """A question put to a device: answered once, soon, and in the browser that asked."""

    __tablename__ = "challenge"
    __table_args__ = (
        one_of("purpose", Purpose),
        {"info": kept("to put a question to your device once", days=1, by="expires_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    holder: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    """A hash of the session, or of the browser that is not signed in yet."""
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class Answered(Base):
    """A question of the sign-in page that was answered (`people.open_questions`): its answer opens nothing again."""

    __tablename__ = "answered"
    __table_args__ = {"info": kept("to take an answer of your device once", days=1, by="expires_at")}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
