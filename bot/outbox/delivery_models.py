"""What became of each copy? One person's copy of a broadcast, or one answer to one person, from waiting to its end."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.contacts.models import Channel
from bot.outbox import released_only
from bot.outbox.models import Broadcast
from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of


class State(StrEnum):
    """What became of one copy. `handed` and later come from the carrier's receipts, merged by rank."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """A worker has it, with a lease; after the lease it is `unknown`."""
    UNKNOWN = "unknown"
    """It may have left: looked up at the carrier, never sent again blindly."""
    HANDED = "handed"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"
    """Stopped, expired, halted, forgotten: never handed to the carrier."""


class Reason(StrEnum):
    """Why a single message may leave without a release (promise 2)."""

    WROTE_TO_US = "wrote_to_us"
    REPORTED = "reported"
    ON_SHIFT = "on_shift"
    ALARM = "alarm"
    RELAY = "relay"


class Delivery(Base):
    """One copy of a broadcast for one contact, or one answer to one contact (then `key` and `reason` say which and why).

    An answer is kept as a catalog key with its values and rendered when it leaves: no other words can, and none of those that
    two people must release.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", State),
        one_of("channel", Channel),
        CheckConstraint(
            "reason IS NULL OR reason IN ('wrote_to_us', 'reported', 'on_shift', 'alarm', 'relay')", name="reason_known"
        ),
        CheckConstraint(
            "(broadcast_id IS NULL) = (key IS NOT NULL AND reason IS NOT NULL)", name="broadcast_or_answer"
        ),
        CheckConstraint(f"key IS NULL OR key NOT IN {released_only.KEYS}", name="no_broadcast_as_an_answer"),
        CheckConstraint("clip IS NULL OR key IS NOT NULL", name="clip_of_an_answer"),
        UniqueConstraint("broadcast_id", "contact_id"),
        Index(
            "ix_delivery_sid",
            "sid",
            unique=True,
            sqlite_where=text("sid IS NOT NULL"),
            postgresql_where=text("sid IS NOT NULL"),
        ),
        Index(
            "ix_delivery_waiting",
            "channel",
            "lane",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_delivery_open",
            "state",
            "lease_until",
            sqlite_where=text("state IN ('claimed', 'unknown')"),
            postgresql_where=text("state IN ('claimed', 'unknown')"),
        ),
        {"info": kept("to know that your copy left, and was not sent twice", days=7)},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int | None] = mapped_column(BigId)
    """No foreign key: a quarter of what planning costs on PostgreSQL. Broadcasts are never deleted; without a release of its own
    broadcast a copy does not leave (`fuse`)."""
    contact_id: Mapped[int | None] = mapped_column(BigId, info=of_contact("unlink"))
    """No foreign key: PostgreSQL would lock, and so write, each person's row for each copy (a third of what planning costs).

    `stewardship.forget` empties it; a copy whose person is gone is dropped by the claim (`fitness`).
    """
    lane: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    language: Mapped[str] = mapped_column(String(8))
    segments: Mapped[int] = mapped_column(SmallInteger)
    key: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON, info={"blank_days": 1})
    reason: Mapped[str | None] = mapped_column(String(12))
    clip: Mapped[str | None] = mapped_column(String(96))
    """A recording of ours that goes with it (`outbox.clips`): with its words by MMS, instead of them by WhatsApp."""
    state: Mapped[State] = mapped_column(Word(State), default=State.WAITING)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    not_before: Mapped[dt.datetime | None] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often it was claimed. A worker records only what belongs to its own claim."""
    retries: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often it failed and may still arrive (`channels.failures`, AGAIN)."""
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When it was last claimed: nothing of that claim can be at the carrier before."""
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    """While claimed: until when a worker is trusted with it. While unknown: when it is next looked up."""
    looks: Mapped[int] = mapped_column(SmallInteger, default=0)
    sid: Mapped[str | None] = mapped_column(String(34))
    """The carrier's name for the last copy it took. It stays while a failed copy waits for its next try."""
    handed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    final_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    failure: Mapped[str | None] = mapped_column(String(32))
    """A name of `channels.failures`, or why it was dropped."""

    @property
    def is_clip_alone(self) -> bool:
        """By WhatsApp a voice has no words beside it: they left as a message of their own."""
        return self.clip is not None and self.channel is Channel.WHATSAPP

    @classmethod
    def of_contact(cls, contact_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Which are one person's: the answers, and the copies of broadcasts. Said so, both are found by the one key there is."""
        theirs = cls.contact_id == contact_id
        return and_(cls.broadcast_id.is_(None), theirs), and_(cls.broadcast_id.in_(select(Broadcast.id)), theirs)
