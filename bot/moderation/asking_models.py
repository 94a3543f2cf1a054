"""Which volunteer was asked to look, what else were they asked or told, and which number answers what?"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.people.gaps import GapKind
from bot.people.models import Person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class Asked(StrEnum):
    """What time made us ask a volunteer, or tell those who watch."""

    UNCLAIMED = "unclaimed"
    """Nobody goes: whoever is on call hears it."""
    DECIDE = "decide"
    """Wait, ask volunteers again, look another way, or close?"""
    ARE_YOU_OK = "are_you_ok"
    """They went, and fell silent."""
    STILL_THERE = "still_there"
    """An alert is out: is it still so?"""
    LOOK_AGAIN = "look_again"
    """A finding grew old while it waited for its second person."""
    NOBODY_RELEASES = "nobody_releases"
    """It waits for a second person, and none can be reached."""


class Page(Base):
    """One verifier was asked by text to look at one incident."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("incident_id", "round", "person_id"),
        Index("ix_page_person", "person_id", "paged_at"),
        {"info": kept("whom we asked to look", days=90, by="paged_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often the incident was reopened before this page."""
    ring: Mapped[int] = mapped_column(SmallInteger, default=0)
    paged_at: Mapped[dt.datetime] = mapped_column(Moment)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    declined: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class Question(Base):
    """One thing was asked of (or told to) one volunteer about one incident: once each, however often the clock looks."""

    __tablename__ = "question"
    __table_args__ = (
        one_of("kind", Asked),
        Index("ix_question_incident", "incident_id", "kind", "asked_at"),
        Index(
            "ix_question_open",
            "kind",
            "person_id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        {"info": kept("what we asked volunteers, and whether they answered", days=90, by="asked_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[Asked] = mapped_column(Word(Asked))
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often the incident was reopened before."""
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(String(24))
    told_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When others were told that no answer came."""

    person: Mapped[Person] = relationship()


class GapTold(Base):
    """An empty shift that the coordinators were told of. It may go on for longer than was known then."""

    __tablename__ = "gap_told"
    __table_args__ = (
        one_of("kind", GapKind),
        Index("ix_gap_told", "kind", "neighborhood", "ends_at"),
        {"info": kept("to say of an empty shift once", days=30, by="ends_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[GapKind] = mapped_column(Word(GapKind))
    neighborhood: Mapped[str] = mapped_column(String(32), default="")
    """Where nobody can look; empty when nobody can release."""
    starts_at: Mapped[dt.datetime] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)
    told_at: Mapped[dt.datetime] = mapped_column(Moment)


class Choice(Base):
    """One answer a person may text, under its own short number, once (VOICE, "Verifiers")."""

    __tablename__ = "choice"
    __table_args__ = (
        Index(
            "uq_choice_open",
            "person_id",
            "number",
            unique=True,
            sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
        {"info": kept("to understand your four-digit answer", days=1, by="expires_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(6))
    act: Mapped[str] = mapped_column(String(24))
    """`going`, `cannot`, a word of `Saw`, `still_there`, what says so (`is_ice`), what it was (`was_police`), what is chosen when
    nobody goes (`wait`, `send`, `second_way`, `close`), `cannot_release`, `ok`, or `taking` (an emergency)."""
    incident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    emergency_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("emergency.id", ondelete="CASCADE"))
    exercise_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("exercise.id"))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    used_at: Mapped[dt.datetime | None] = mapped_column(Moment)
