"""What does the carrier say, and refuse? Receipts not merged yet, senders that pause, what a person has to mend, how far its list
was read.
"""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.contacts.models import Channel
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class ReceiptEntry(Base):
    """A receipt that found no Redis: kept here until it is merged."""

    __tablename__ = "receipt_entry"
    __table_args__ = {"info": kept("what the carrier said, until it is merged", days=1, by="received_at")}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(BigId)
    sid: Mapped[str] = mapped_column(String(34))
    status: Mapped[str] = mapped_column(String(24))
    error: Mapped[str | None] = mapped_column(String(8))
    received_at: Mapped[dt.datetime] = mapped_column(Moment)


class Pause(Base):
    """A sender that begins nothing for a while: too many errors in a row, or an account that the carrier refuses."""

    __tablename__ = "pause"
    __table_args__ = (
        one_of("channel", Channel),
        Index(
            "ix_pause_open",
            "channel",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"info": kept("when sending stood still, and why", days=90, by="began_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    why: Mapped[str] = mapped_column(String(32))
    """A name of `channels.failures`, or the kind of error that came too often."""
    began_at: Mapped[dt.datetime] = mapped_column(Moment)
    by_receipt: Mapped[bool] = mapped_column(default=False)
    """The carrier took the copy and refused it afterwards: that it takes the next one proves nothing yet."""
    until: Mapped[dt.datetime] = mapped_column(Moment)
    """When the sender tries again, with one message first; while it tries, when somebody else may."""
    tried_with: Mapped[int | None] = mapped_column(BigId)
    """The copy that was tried last: what becomes of it ends the pause."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class Trouble(Base):
    """Something at the carrier that a person has to mend: one row for each kind, channel and hour, however often it happens."""

    __tablename__ = "trouble"
    __table_args__ = (
        one_of("channel", Channel),
        UniqueConstraint("hour", "what", "channel"),
        CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name="seen_by_somebody"),
        {"info": kept("what the carrier refused, and who has seen to it", days=90, by="hour")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hour: Mapped[dt.datetime] = mapped_column(Moment)
    what: Mapped[str] = mapped_column(String(32))
    """A name of `channels.failures`."""
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    count: Mapped[int] = mapped_column(Integer, default=0)
    last_at: Mapped[dt.datetime] = mapped_column(Moment)
    shown: Mapped[bool] = mapped_column(default=False)
    """Whether it has to be looked at. Some kinds only count until they are too many."""
    seen_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    seen_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class ListedThrough(Base):
    """How far the carrier's own list has been read, for what an outage may have kept from us."""

    __tablename__ = "listed_through"
    __table_args__ = {"info": kept("to ask the carrier for what we missed, and for no more")}

    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    """What is looked for on it (`hotline.catching_up`, `outbox.missed_receipts`)."""
    through: Mapped[dt.datetime] = mapped_column(Moment)
    looked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When the carrier last showed us that list to its end."""
