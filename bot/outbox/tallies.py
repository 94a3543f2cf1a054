"""What is counted of broadcasts, for pages to read? Numbers alone: nothing here says whose copy is whose.

The clock writes them (`expecting` before a release, `counting` after it), so that no page counts an audience itself.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.types import Base, BigId, Moment, kept


class Expected(Base):
    """Whom a draft would reach, were it released now."""

    __tablename__ = "expected"
    __table_args__ = {"info": kept("how many a draft would reach, without who", days=2, by="counted_at")}

    broadcast_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)
    took_seconds: Mapped[float] = mapped_column(Float)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class Tally(Base):
    """How far one released broadcast is, in all."""

    __tablename__ = "tally"
    __table_args__ = (
        Index(
            "ix_tally_open",
            "broadcast_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        {"info": kept("how many an alert reached and how fast, without who", days=730, by="counted_at")},
    )

    broadcast_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)
    settled_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """From then on nothing changes any more, and its slices are gone."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class TallySlice(Base):
    """The same of some thousand copies, next to each other by contact: a small part is counted anew where something moves."""

    __tablename__ = "tally_slice"
    __table_args__ = (
        Index("ix_tally_slice_due", "look_at"),
        {"info": kept("the parts of a count, until it is whole", days=7, by="counted_at")},
    )

    broadcast_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    after: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    """Copies of contacts behind this id; `NOBODYS` for those whose contact was forgotten."""
    through: Mapped[int | None] = mapped_column(BigId)
    """Up to this one; of the last slice nothing."""
    waiting: Mapped[int] = mapped_column(Integer, default=0)
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)
    look_at: Mapped[dt.datetime] = mapped_column(Moment)
    pause_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    """Doubled each time that nothing has changed."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
