"""What must leave, who allowed it, and what became of each copy?

A **broadcast** goes to an audience in **renditions** (one text per language and channel); a **delivery** is one person's
copy, or one answer. Nothing of a broadcast leaves without its **release** row, which the database gives only to two people
of two invitation lines (promise 1); the one exception, the fixed `doubt` text, has its own CHECK.
"""

import datetime as dt
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.contacts.models import Channel
from bot.outbox import released_only
from bot.people.models import by_person
from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of


class Lane(IntEnum):
    """How urgent; the smaller leaves first. Replies always keep a tenth of the pace (`REPLY_SHARE`)."""

    CORRECTION = 0
    PAGE = 1
    ALERT = 2
    REPLY = 3
    NOTICE = 4


class Kind(StrEnum):
    """CAP 1.2 msgType Alert, Update, Cancel, and our `doubt`; `notice` is aid."""

    ALERT = "alert"
    UPDATE = "update"
    OVER = "over"
    DOUBT = "doubt"
    CORRECTION = "correction"
    NOTICE = "notice"


class BroadcastState(StrEnum):
    DRAFT = "draft"
    RELEASED = "released"
    HALTED = "halted"
    CANCELLED = "cancelled"
    """A draft nobody may release any more."""


class Broadcast(Base):
    """One thing to be said to an audience."""

    __tablename__ = "broadcast"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("state", BroadcastState),
        UniqueConstraint("id", "kind"),
        CheckConstraint(
            "only_area IS NULL OR CAST(neighborhoods AS TEXT) = '[\"' || only_area || '\"]'", name="one_area"
        ),
        Index("uq_broadcast_one_area", "id", "only_area", unique=True),
        Index("uq_broadcast_end", "id", "expires_at", unique=True),
        Index(
            "ix_broadcast_planning",
            "id",
            sqlite_where=text("planned_at IS NULL"),
            postgresql_where=text("planned_at IS NULL"),
        ),
        Index(
            "ix_broadcast_draft",
            "id",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        {"info": kept("to know what was said, and when")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    lane: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[BroadcastState] = mapped_column(Word(BroadcastState), default=BroadcastState.DRAFT)
    neighborhoods: Mapped[list[str]] = mapped_column(JSON, default=list)
    only_area: Mapped[str | None] = mapped_column(String(32))
    """Of a night release: the one neighborhood, said once more so that keys can hold it."""
    aid: Mapped[str | None] = mapped_column(String(16))
    """Only those who also asked for this kind of aid."""
    same_people_as: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadcast.id"))
    """Said to everyone who was, or may have been, told that one."""
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    not_before: Mapped[dt.datetime | None] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    planned_through: Mapped[int] = mapped_column(BigId, default=0)
    """The planner's cursor: contacts up to this id have their copy."""
    planned_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When the last slice was planned; empty while there is planning to do."""

    renditions: Mapped[list["Rendition"]] = relationship(order_by="Rendition.language, Rendition.channel")
    release: Mapped["Release | None"] = relationship(back_populates="broadcast", foreign_keys="Release.broadcast_id")


class Rendition(Base):
    """A broadcast's text in one language for one channel: exactly what the phone will show."""

    __tablename__ = "rendition"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "language", "channel"),
        one_of("channel", Channel),
        {"info": kept("the exact words that were released")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadcast.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    text: Mapped[str] = mapped_column(Text)
    encoding: Mapped[str] = mapped_column(String(8))
    segments: Mapped[int] = mapped_column(SmallInteger)
    segments_with_word: Mapped[int | None] = mapped_column(SmallInteger)
    """What a copy costs at most that carries a person's own check word."""


class Release(Base):
    """The second person's act that lets a broadcast out, bound to its exact words.

    `first` confirmed the incident (or wrote the notice, or found that it is over); `second` released. Two people, two
    lines: by composite foreign key and CHECK, so that no code path, and no hand in the database, gets round it.
    A `doubt` is one person's: `second` is empty and the text is a fixed one (`wording`). So is an alert at night, if a setting
    allows it: then `night` is the key to a row that holds its bounds (`night_models`).
    """

    __tablename__ = "release"
    __table_args__ = (
        one_of("kind", Kind),
        ForeignKeyConstraint(["broadcast_id", "kind"], ["broadcast.id", "broadcast.kind"]),
        *by_person("first", "second"),
        ForeignKeyConstraint(
            ["confirmation_id", "incident_id", "first_id", "first_line"],
            ["confirmation.id", "confirmation.incident_id", "confirmation.person_id", "confirmation.person_line"],
            name="fk_release_confirmation",
        ),
        ForeignKeyConstraint(
            ["broadcast_id", "incident_id"], ["alert.broadcast_id", "alert.incident_id"], name="fk_release_alert"
        ),
        CheckConstraint("kind = 'notice' OR incident_id IS NOT NULL", name="about_an_incident"),
        ForeignKeyConstraint(
            ["night", "incident_id", "confirmation_id", "first_id", "first_line"],
            [
                "night_release.broadcast_id",
                "night_release.incident_id",
                "night_release.confirmation_id",
                "night_release.person_id",
                "night_release.person_line",
            ],
            name="fk_release_night",
        ),
        CheckConstraint("kind = 'doubt' OR second_id IS NOT NULL OR night IS NOT NULL", name="two_people"),
        CheckConstraint(
            "night IS NULL OR (night = broadcast_id AND kind = 'alert' AND second_id IS NULL)", name="night_alone"
        ),
        CheckConstraint("(second_id IS NULL) = (second_line IS NULL)", name="second_whole"),
        CheckConstraint("second_id <> first_id", name="not_the_same_person"),
        CheckConstraint("second_line <> first_line", name="not_the_same_line"),
        CheckConstraint("kind NOT IN ('alert', 'update') OR confirmation_id IS NOT NULL", name="alert_is_confirmed"),
        Index("ix_release_released_at", "released_at"),
        {"info": kept("who let it out, bound to the exact words")},
    )

    broadcast_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    incident_id: Mapped[int | None] = mapped_column(BigId)
    confirmation_id: Mapped[int | None] = mapped_column(BigId)
    first_id: Mapped[int] = mapped_column(BigId)
    first_line: Mapped[int] = mapped_column(BigId)
    second_id: Mapped[int | None] = mapped_column(BigId)
    second_line: Mapped[int | None] = mapped_column(BigId)
    night: Mapped[int | None] = mapped_column(BigId)
    words: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 over every rendition, in order: an edit afterwards voids the release (`outbox.fuse`)."""
    released_at: Mapped[dt.datetime] = mapped_column(Moment)

    broadcast: Mapped[Broadcast] = relationship(back_populates="release", foreign_keys=[broadcast_id])


class Freeze(Base):
    """Anyone signed in may hold alerts and notices; two people must thaw."""

    __tablename__ = "freeze"
    __table_args__ = (
        *by_person("frozen_by", "thaw_first", "thaw_second"),
        CheckConstraint(
            "thawed_at IS NULL OR (thaw_first_id IS NOT NULL AND thaw_second_id IS NOT NULL)", name="thawed_by_two"
        ),
        CheckConstraint("thaw_first_id <> thaw_second_id", name="thaw_not_the_same_person"),
        CheckConstraint("thaw_first_line <> thaw_second_line", name="thaw_not_the_same_line"),
        {"info": kept("when sending was held, and by whom")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    frozen_at: Mapped[dt.datetime] = mapped_column(Moment)
    frozen_by_id: Mapped[int] = mapped_column(BigId)
    frozen_by_line: Mapped[int] = mapped_column(BigId)
    thaw_first_id: Mapped[int | None] = mapped_column(BigId)
    thaw_first_line: Mapped[int | None] = mapped_column(BigId)
    thaw_second_id: Mapped[int | None] = mapped_column(BigId)
    thaw_second_line: Mapped[int | None] = mapped_column(BigId)
    thawed_at: Mapped[dt.datetime | None] = mapped_column(Moment)


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
