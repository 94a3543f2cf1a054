"""What is a SIMULACRO made of? Tables of its own: an exercise is no incident, so nothing that tells a neighborhood can name it.

Its ids are below zero and an incident's above, so that not even a mistaken number finds one where the other is meant.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.moderation.models import Saw
from bot.people.models import Person, by_person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


class Part(StrEnum):
    """What somebody rehearses."""

    LOOKS = "looks"
    RELEASES = "releases"


class Exercise(Base):
    """One rehearsal (CAP status Exercise): what is supposed to be there, and how far those who take part have come."""

    __tablename__ = "exercise"
    __table_args__ = (
        CheckConstraint("id < 0", name="is_no_incident"),
        one_of("truth", Saw),
        *by_person("started_by", "confirmed_by", "released_by"),
        CheckConstraint("released_by_id IS NULL OR confirmed_by_id IS NOT NULL", name="released_when_confirmed"),
        CheckConstraint("released_by_id <> confirmed_by_id", name="not_the_same_person"),
        CheckConstraint("released_by_line <> confirmed_by_line", name="not_the_same_line"),
        CheckConstraint("(released_at IS NULL) = (words IS NULL)", name="bound_to_words"),
        {"info": kept("how volunteers train, and how it went", days=365, by="started_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    place_key: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    neighborhood: Mapped[str] = mapped_column(String(32))
    truth: Mapped[Saw] = mapped_column(Word(Saw))
    """What the script says is there."""
    uniform: Mapped[str] = mapped_column(String(16), default="unknown")
    was: Mapped[str | None] = mapped_column(String(32))
    people: Mapped[int | None] = mapped_column(SmallInteger)
    vehicles: Mapped[int | None] = mapped_column(SmallInteger)
    started_by_id: Mapped[int] = mapped_column(BigId)
    started_by_line: Mapped[int] = mapped_column(BigId)
    started_at: Mapped[dt.datetime] = mapped_column(Moment)
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId)
    confirmed_by_line: Mapped[int | None] = mapped_column(BigId)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    released_by_id: Mapped[int | None] = mapped_column(BigId)
    released_by_line: Mapped[int | None] = mapped_column(BigId)
    released_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    words: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """SHA-256 of the texts that the releaser read."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)
    """By then it is over, whoever forgot to end it."""

    parts: Mapped[list["ExercisePart"]] = relationship(
        foreign_keys="ExercisePart.exercise_id", order_by="ExercisePart.person_id", back_populates="exercise"
    )

    @property
    def code(self) -> str:
        """Three figures and a hyphen: nothing that CHECK would take for an alert's code."""
        return f"S-{abs(self.id) % 1000:03d}"


class ExercisePart(Base):
    """One volunteer in one rehearsal: when they were asked, went, and what they said."""

    __tablename__ = "exercise_part"
    __table_args__ = (
        one_of("part", Part),
        one_of("saw", Saw),
        {"info": kept("how a volunteer did in training", days=365, by="asked_at")},
    )

    exercise_id: Mapped[int] = mapped_column(BigId, ForeignKey("exercise.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[Part] = mapped_column(Word(Part))
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    declined: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    saw: Mapped[Saw | None] = mapped_column(Word(Saw))
    uniform: Mapped[str] = mapped_column(String(16), default="unknown")
    was: Mapped[str | None] = mapped_column(String(32))

    exercise: Mapped[Exercise] = relationship(foreign_keys=[exercise_id], back_populates="parts")
    person: Mapped[Person] = relationship()
