"""Who goes to look, what did they see, and on what grounds is it confirmed?"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
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
        Index("uq_finding_counted", "id", "incident_id", "person_id", "person_line", "shadow", unique=True),
        Index("uq_finding_seen", "id", "incident_id", "person_id", "person_line", "saw", "uniform", unique=True),
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
        ForeignKeyConstraint(
            ["finding_id", "incident_id", "person_id", "person_line", "shadow"],
            ["finding.id", "finding.incident_id", "finding.person_id", "finding.person_line", "finding.shadow"],
            name="fk_confirmation_own_look",
        ),
        CheckConstraint("NOT shadow", name="on_no_shadow"),
        Index("uq_confirmation_finding", "id", "incident_id", "person_id", "person_line", "finding_id", unique=True),
        {"info": kept("on whose eyes it was confirmed", days=730, by="confirmed_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id"))
    person_id: Mapped[int] = mapped_column(BigId)
    person_line: Mapped[int] = mapped_column(BigId)
    finding_id: Mapped[int] = mapped_column(BigId, ForeignKey("finding.id"))
    shadow: Mapped[bool] = mapped_column(default=False)
    """Said once more, so that the database confirms nothing on a new verifier's look, nor on somebody else's."""
    confirmed_at: Mapped[dt.datetime] = mapped_column(Moment)
    void_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """A dispute or a reopening ends what it can release."""
