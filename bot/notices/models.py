"""What aid is offered, where and when? Each wording is a version; a change or a cancellation is a new one."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.outbox.models import Broadcast
from bot.people.models import by_person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of
from bot.subscriptions.models import AidKind


class NoticeState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    """For another organizer's approval."""
    RETURNED = "returned"
    APPROVED = "approved"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


class Notice(Base):
    """One version of one aid message. `replaces` links a change or a cancellation to what it changes."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("state", NoticeState),
        one_of("kind", AidKind),
        *by_person("author"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("state <> 'approved' OR broadcast_id IS NOT NULL", name="approved_has_broadcast"),
        {"info": kept("what aid was offered", days=365)},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[AidKind] = mapped_column(Word(AidKind))
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState), default=NoticeState.DRAFT)
    neighborhoods: Mapped[list[str]] = mapped_column(JSON)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Language -> the organizer's words (Spanish and English at least)."""
    starts_at: Mapped[dt.datetime] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)
    author_id: Mapped[int] = mapped_column(BigId)
    author_line: Mapped[int] = mapped_column(BigId)
    returned_why: Mapped[str | None] = mapped_column(String(200))
    cancels: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("notice.id"), unique=True)
    broadcast_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadcast.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)

    broadcast: Mapped[Broadcast | None] = relationship()
    replaces: Mapped["Notice | None"] = relationship(remote_side="Notice.id")
