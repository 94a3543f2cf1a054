"""Who was asked to look, who goes, what did they see, and on what grounds is it confirmed?"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.people.models import Person, by_person
from bot.privacy import texts
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class Saw(StrEnum):
    """What a verifier says they found."""

    IMMIGRATION = "immigration"
    OTHER_POLICE = "other_police"
    SOMETHING_ELSE = "something_else"
    NOBODY = "nobody"
    UNSURE = "unsure"
    UNSAFE = "unsafe"
    GONE = "gone"
    """It was there, and is no longer seen."""


class ClaimState(StrEnum):
    HELD = "held"
    DONE = "done"
    LAPSED = "lapsed"
    GIVEN_UP = "given_up"


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
    """`going`, `cannot`, a word of `Saw`, what says so (`is_ice`), what it was (`was_police`), or `taking` (an emergency)."""
    incident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    emergency_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("emergency.id", ondelete="CASCADE"))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    used_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class Claim(Base):
    """A verifier's lease on an incident."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("state", ClaimState),
        Index(
            "uq_claim_held",
            "incident_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        {"info": kept("who went to look", days=90, by="claimed_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[ClaimState] = mapped_column(Word(ClaimState), default=ClaimState.HELD)
    claimed_at: Mapped[dt.datetime] = mapped_column(Moment)
    lease_until: Mapped[dt.datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


class Finding(Base):
    """What one verifier saw at one time. Never changed; a second look is a second finding."""

    __tablename__ = "finding"
    __table_args__ = (
        one_of("saw", Saw),
        UniqueConstraint("id", "incident_id", "person_id", "person_line"),
        *by_person("person"),
        Index("ix_finding_incident", "incident_id", "found_at"),
        {"info": kept("what volunteers saw", days=730, by="found_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId)
    person_line: Mapped[int] = mapped_column(BigId)
    saw: Mapped[Saw] = mapped_column(Word(Saw))
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The SALUTE line they added, if any."""
    mark: Mapped[str] = mapped_column(String(16))
    size: Mapped[int | None] = mapped_column(SmallInteger)
    uniform: Mapped[str] = mapped_column(String(16), default="unknown")
    was: Mapped[str | None] = mapped_column(String(32))
    """What it was instead, when they know (the last part of a key of `outcomes`)."""
    shadow: Mapped[bool] = mapped_column(default=False)
    """A new verifier's finding that is compared, not counted."""
    found_at: Mapped[dt.datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(
        primaryjoin="Finding.person_id == Person.id", foreign_keys=[person_id], viewonly=True
    )

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, f"finding:{self.mark}") if self.locked else ""

    def keep(self, words: str) -> None:
        self.locked = texts.lock(words, f"finding:{self.mark}")


class Confirmation(Base):
    """The first hand: this person's own finding makes the incident confirmed. A release names this row."""

    __tablename__ = "confirmation"
    __table_args__ = (
        UniqueConstraint("id", "incident_id", "person_id", "person_line"),
        *by_person("person"),
        {"info": kept("on whose eyes it was confirmed", days=730, by="confirmed_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id"))
    person_id: Mapped[int] = mapped_column(BigId)
    person_line: Mapped[int] = mapped_column(BigId)
    finding_id: Mapped[int] = mapped_column(BigId, ForeignKey("finding.id"))
    confirmed_at: Mapped[dt.datetime] = mapped_column(Moment)
    void_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """A dispute or a reopening ends what it can release."""


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
