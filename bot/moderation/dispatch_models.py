"""What did dispatchers decide by hand: which reports are about one thing, what it was by whose word, what was asked of whom?"""

import datetime as dt
import secrets
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.incidents.models import Incident
from bot.incidents.states import WordOf
from bot.people.models import Person
from bot.privacy import texts
from bot.reports.models import Report
from bot.store.types import Base, BigId, Moment, Word, kept, one_of

OWN = "own"
"""What was asked in a volunteer's own words."""


class Regroup(StrEnum):
    MERGE = "merge"
    SPLIT = "split"


class WhyNot(StrEnum):
    """Why nobody can find out."""

    NOBODY_FREE = "nobody_free"
    PLACE_UNCLEAR = "place_unclear"
    TOO_LONG_AGO = "too_long_ago"
    UNSAFE = "unsafe"


class Regrouping(Base):
    """Reports went from one incident to another: all of them (a merge), or those that a dispatcher chose (a split)."""

    __tablename__ = "regrouping"
    __table_args__ = (
        one_of("kind", Regroup),
        CheckConstraint("from_id <> into_id", name="two_incidents"),
        Index(
            "uq_regrouping_merged",
            "from_id",
            unique=True,
            sqlite_where=text("kind = 'merge' AND undone_at IS NULL"),
            postgresql_where=text("kind = 'merge' AND undone_at IS NULL"),
        ),
        {"info": kept("which reports were told of as one thing, and by whom", days=730, by="at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[Regroup] = mapped_column(Word(Regroup))
    from_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The neighborhoods that the one gained by it: they go again when it is undone."""
    made_sensitive: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    undone_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))

    source: Mapped[Incident] = relationship(foreign_keys=[from_id], viewonly=True)
    target: Mapped[Incident] = relationship(foreign_keys=[into_id], viewonly=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], viewonly=True)
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id], viewonly=True)


class Regrouped(Base):
    """One report that went along."""

    __tablename__ = "regrouped"
    __table_args__ = {"info": kept("which reports went along")}

    regrouping_id: Mapped[int] = mapped_column(BigId, ForeignKey("regrouping.id", ondelete="CASCADE"), primary_key=True)
    report_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Ruling(Base):
    """A dispatcher closed an incident without a look: as something else by a named source's word, or as unverifiable."""

    __tablename__ = "ruling"
    __table_args__ = (
        one_of("word_of", WordOf),
        one_of("why", WhyNot),
        CheckConstraint("(was IS NULL) = (word_of IS NULL)", name="by_whose_word"),
        CheckConstraint("(was IS NULL) <> (why IS NULL)", name="one_or_the_other"),
        {"info": kept("by whose word it was something else, or why nobody could look", days=730, by="at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incident.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    was: Mapped[str | None] = mapped_column(String(32))
    word_of: Mapped[WordOf | None] = mapped_column(Word(WordOf))
    reference: Mapped[str] = mapped_column(String(40), default="")
    """What to name when asked again, such as the number of a police call; never a person."""
    why: Mapped[WhyNot | None] = mapped_column(Word(WhyNot))

    person: Mapped[Person | None] = relationship(viewonly=True)


def fresh_mark() -> str:
    """What a question's words are locked to."""
    return secrets.token_hex(4)


class Relayed(Base):
    """One question to whoever sent one report, and what they answered. The number is known to neither side."""

    __tablename__ = "relayed"
    __table_args__ = (
        CheckConstraint("(what = 'own') = (locked IS NOT NULL)", name="own_words"),
        CheckConstraint("answer_locked IS NULL OR answered_at IS NOT NULL", name="answered_when"),
        Index("ix_relayed_report_id", "report_id", "asked_at"),
        {"info": kept("to ask one reporter what is missing, without a number", days=30, by="asked_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("report.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    mark: Mapped[str] = mapped_column(String(16), default=fresh_mark)
    what: Mapped[str] = mapped_column(String(24))
    """Which of the prepared questions (the last part of a key of `relay`), or `own`."""
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)
    """What comes later is no answer to it any more."""
    answered_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    report: Mapped[Report] = relationship(viewonly=True)
    person: Mapped[Person | None] = relationship(viewonly=True)

    @property
    def question(self) -> str:
        """The volunteer's own words; empty for a prepared question."""
        return texts.unlock(self.locked, f"relayed:{self.mark}") if self.locked else ""

    @property
    def answer(self) -> str:
        return texts.unlock(self.answer_locked, f"relayed_answer:{self.mark}") if self.answer_locked else ""

    def keep_question(self, words: str) -> None:
        self.mark = self.mark or fresh_mark()
        self.locked = texts.lock(words, f"relayed:{self.mark}")

    def keep_answer(self, words: str) -> None:
        self.answer_locked = texts.lock(words, f"relayed_answer:{self.mark}")
