"""Who cried for help, and who has taken it on?"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.types import Base, BigId, Moment, kept


class Emergency(Base):
    """Somebody at the person's own door, somebody being taken, somebody hurt: its own queue and clock."""

    __tablename__ = "emergency"
    __table_args__ = (
        CheckConstraint("taken_at IS NULL OR taken_by IS NOT NULL", name="taken_by_somebody"),
        Index(
            "ix_emergency_open",
            "opened_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        {"info": kept("to answer a cry for help", days=30, by="opened_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("report.id", ondelete="CASCADE"), unique=True)
    opened_at: Mapped[dt.datetime] = mapped_column(Moment)
    paged_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    taken_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    taken_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    nobody_said_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    asked_leave_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When they were asked whether volunteers may know their block."""
    gave_leave_at: Mapped[dt.datetime | None] = mapped_column(Moment)
