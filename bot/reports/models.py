"""What did one person say they saw? A report is never an alert; it only feeds an incident."""

import datetime as dt
import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.incidents.models import Incident
from bot.privacy import texts
from bot.privacy.marks import marked_for
from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of


class ReportKind(StrEnum):
    REPORT = "report"
    RUMOR = "rumor"
    """Hearsay, or somebody asked whether it is true: counts nothing, but is answered."""
    EMERGENCY = "emergency"


class Source(StrEnum):
    """How it came to us. What a dispatcher writes down for somebody else has no number of its own."""

    TEXT = "text"
    CALL = "call"
    RADIO = "radio"
    """Heard on a radio or a scanner."""
    SCHOOL = "school"
    PARTNER = "partner"
    """Another network's hotline."""
    IN_PERSON = "in_person"


class Aside(StrEnum):
    """Why a report is no witness of its own. It is kept, answered and shown all the same."""

    SAME_NUMBER = "same_number"
    SAME_WORDS = "same_words"
    SAME_HOME = "same_home"
    COPIED = "copied"
    """The same words, sent about many places."""
    MANY_PLACES = "many_places"
    """Its number tells of more places than one person sees in that time."""
    BURST = "burst"
    """In a surge: its number writes more than one person who stands there does."""


BRIGADE = (Aside.COPIED, Aside.MANY_PLACES, Aside.BURST)
"""What many at once do who saw nothing. Incidents of which nobody else told are folded into one line of the queue."""


class Band(StrEnum):
    """What earlier first-hand reports of this number were worth. It orders the queue, and decides nothing."""

    KNOWN = "known"
    NEW = "new"
    OFTEN_MISTAKEN = "often_mistaken"


def short_id() -> str:
    """What staff call a report's sender: random per report, so that volume and identity do not show."""
    return secrets.token_hex(3)


class Report(Base):
    """One message from one person saying what they saw (or asking about it)."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("kind", ReportKind),
        one_of("source", Source),
        CheckConstraint("source = 'text' OR contact_id IS NULL", name="by_another_has_no_number"),
        one_of("set_aside", Aside),
        one_of("band", Band),
        Index("ix_report_incident", "incident_id"),
        Index("ix_report_contact", "contact_id", "received_at"),
        Index("ix_report_place", "place_key", "received_at"),
        Index("ix_report_wording", "wording", "received_at"),
        Index("ix_report_received", "received_at"),
        {"info": kept("to find out what happened", days=30, by="received_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(8), unique=True, default=short_id)
    kind: Mapped[ReportKind] = mapped_column(Word(ReportKind))
    contact_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="SET NULL"), info=of_contact("unlink")
    )
    incident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("incident.id"))
    place_key: Mapped[str | None] = mapped_column(String(80))
    """What they named, as far as we understood it: several who ask about one place are seen together."""
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[dt.datetime] = mapped_column(Moment)
    first_hand: Mapped[bool] = mapped_column(default=True)
    size: Mapped[int | None] = mapped_column(SmallInteger)
    activity: Mapped[str | None] = mapped_column(String(24))
    uniform: Mapped[str] = mapped_column(String(16), default="unknown")
    time: Mapped[str] = mapped_column(String(16), default="unspecified")
    vehicles: Mapped[int | None] = mapped_column(SmallInteger)
    vehicle_words: Mapped[str | None] = mapped_column(String(40))
    equipment: Mapped[list[Any]] = mapped_column(JSON, default=list)
    words: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Hashes of its content words, to see that two reports are one forwarded text."""
    told: Mapped[str | None] = mapped_column(String(16))
    """The incident state this reporter was last told of (promise 10)."""
    told_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When; empty until they hear what became of it."""
    set_aside: Mapped[Aside | None] = mapped_column(Word(Aside))
    """Nothing: it counts as a witness of its own, if it is first-hand."""
    band: Mapped[Band | None] = mapped_column(Word(Band))
    wording: Mapped[str | None] = mapped_column(String(16))
    """Nearly the same for nearly the same words, whatever place they name: copies of one text find each other by it."""
    exchange: Mapped[str | None] = mapped_column(String(16))
    """A keyed mark of the number's first digits: numbers bought together look alike."""
    weighed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What became of it has been added to its number's standing."""

    source: Mapped[Source] = mapped_column(Word(Source), default=Source.TEXT, server_default="text")
    taken_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", ondelete="SET NULL"))
    """Who wrote it down, when it did not come as a text."""

    incident: Mapped[Incident | None] = relationship()

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, f"report:{self.pseudonym}") if self.locked else ""

    def keep(self, text: str) -> None:
        self.pseudonym = self.pseudonym or short_id()
        self.locked = texts.lock(text, f"report:{self.pseudonym}")


class ReporterStanding(Base):
    """What earlier first-hand reports of one number turned out to be. No number and no contact: a keyed mark."""

    __tablename__ = "reporter_standing"
    __table_args__ = ({"info": kept("to look first at what reliable people tell", days=180, by="counted_at")},)

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=marked_for("standing"))
    confirmed: Mapped[int] = mapped_column(SmallInteger, default=0)
    something_else: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_seen: Mapped[int] = mapped_column(SmallInteger, default=0)
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)


class HomeMember(Base):
    """Two phones said by text that they share a home. No number, no address: keyed marks with a random word in common."""

    __tablename__ = "home_member"
    __table_args__ = (
        Index("ix_home_member_home", "home"),
        {"info": kept("to count one household once", days=180, by="said_at")},
    )

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=marked_for("home"))
    home: Mapped[str] = mapped_column(String(32))
    said_at: Mapped[dt.datetime] = mapped_column(Moment)


class HomeCode(Base):
    """The code by which the next phone joins a home; itself only a keyed mark, and soon over."""

    __tablename__ = "home_code"
    __table_args__ = ({"info": kept("to let another phone of a home say so", days=1, by="expires_at")},)

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    home: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
