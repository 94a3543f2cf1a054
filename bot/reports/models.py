"""What did one person say they saw? A report is never an alert; it only feeds an incident."""

import datetime as dt
import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.incidents.models import Incident
from bot.privacy import texts
from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of


class ReportKind(StrEnum):
    REPORT = "report"
    RUMOR = "rumor"
    """Hearsay, or somebody asked whether it is true: counts nothing, but is answered."""
    EMERGENCY = "emergency"


def short_id() -> str:
    """What staff call a report's sender: random per report, so that volume and identity do not show."""
    return secrets.token_hex(3)


class Report(Base):
    """One message from one person saying what they saw (or asking about it)."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("kind", ReportKind),
        Index("ix_report_incident", "incident_id"),
        Index("ix_report_contact", "contact_id", "received_at"),
        Index("ix_report_place", "place_key", "received_at"),
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

    incident: Mapped[Incident | None] = relationship()

    @property
    def text(self) -> str:
        return texts.unlock(self.locked, f"report:{self.pseudonym}") if self.locked else ""

    def keep(self, text: str) -> None:
        self.pseudonym = self.pseudonym or short_id()
        self.locked = texts.lock(text, f"report:{self.pseudonym}")
