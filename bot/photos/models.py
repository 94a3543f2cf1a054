"""Which pictures came with which report, and what of what was sent to us still lies at the carrier?

A **photo** is what we keep: cleaned, sealed, for three days (docs/privacy.md). An **original** is what the
carrier has of anything that was sent to us, a voice or a film too: it is deleted there, and this row with it. It names no
person, so that it can still be deleted after that person is forgotten.
"""

import datetime as dt
import secrets

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.privacy import texts
from bot.store.types import Base, BigId, Moment, kept, of_contact

KEPT_DAYS = 71 / 24
"""Gone within three days, as we say: the purge comes once an hour."""


def new_mark() -> str:
    """What a photo is asked for by: nobody guesses it, and it says nothing of how many there are."""
    return secrets.token_hex(12)


class Photo(Base):
    """One picture of one report: expected, then here or not to be had."""

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("locked IS NULL OR failure IS NULL", name="here_or_not"),
        CheckConstraint("(settled_at IS NULL) = (locked IS NULL AND failure IS NULL)", name="settled_once"),
        Index("ix_photo_report", "report_id"),
        Index("ix_photo_contact", "contact_id", "received_at"),
        {"info": kept("for our volunteers to see what you saw", days=KEPT_DAYS, by="received_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mark: Mapped[str] = mapped_column(String(24), unique=True, default=new_mark)
    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("report.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="CASCADE"), info=of_contact("delete")
    )
    received_at: Mapped[dt.datetime] = mapped_column(Moment)
    settled_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    failure: Mapped[str | None] = mapped_column(String(24))
    """Why there is none: `not_a_picture`, or a reason of `channels.media`."""
    locked: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """A JPEG of our own making, encrypted and bound to this row. Read only where it is shown."""

    @property
    def picture(self) -> bytes | None:
        return texts.unlock_bytes(self.locked, f"photo:{self.mark}") if self.locked else None

    def keep(self, picture: bytes) -> None:
        self.locked, self.settled_at = texts.lock_bytes(picture, f"photo:{self.mark}"), now()

    def give_up(self, why: str) -> None:
        self.failure, self.settled_at = why, now()


class Original(Base):
    """One thing that was sent to us, as it lies at the carrier: fetched once if a photo waits for it, and deleted there."""

    __tablename__ = "original"
    __table_args__ = (
        Index("ix_original_due", "due_at"),
        {"info": kept("to delete at the carrier what you sent us there", days=7, by="received_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_sid: Mapped[str] = mapped_column(String(34))
    media_sid: Mapped[str] = mapped_column(String(34), unique=True)
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photo.id", ondelete="SET NULL"))
    received_at: Mapped[dt.datetime] = mapped_column(Moment)
    due_at: Mapped[dt.datetime] = mapped_column(Moment)
    """When it is next tried; whoever tries it moves this first, so that no two do."""
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
