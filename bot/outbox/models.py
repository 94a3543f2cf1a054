"""What must leave, who allowed it, and what became of each copy?

A **broadcast** goes to an audience in **renditions** (one text per language and channel); a **delivery** is one person's
copy, or one answer. Nothing of a broadcast leaves without its **release** row, which the database gives only to two people
of two invitation lines (promise 1); the one exception, the fixed `doubt` text, has its own CHECK.
"""

import datetime as dt
from enum import IntEnum, StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.contacts.models import Channel
from bot.people.models import by_person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


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
