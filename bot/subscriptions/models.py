"""What did a contact ask to hear about? A neighborhood, or a kind of aid."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of


class AidKind(StrEnum):
    """Kinds of aid a person may ask to hear about; a subscription's subject is `aid:<kind>`."""

    FOOD = "food"
    LEGAL = "legal"
    HEALTH = "health"
    RENT = "rent"

    @property
    def subject(self) -> str:
        return f"aid:{self.value}"


class Subscription(Base):
    """One contact asked to hear about one subject: a neighborhood's id, or `aid:food`.

    The key begins with the subject: an audience is read straight from it.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_contact", "contact_id"),
        {"info": kept("to know which neighborhood's alerts to send"), "sqlite_with_rowid": False},
    )

    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, info=of_contact("delete")
    )
    joined_on: Mapped[dt.date] = mapped_column(Date)


class AreaCount(Base):
    """How many can be told of one neighborhood, counted every few minutes by the clock: no page counts them."""

    __tablename__ = "area_count"
    __table_args__ = {"info": kept("how many hear of a neighborhood, without who")}

    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)
    people: Mapped[int] = mapped_column(Integer)


class ConsentAct(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    STOPPED = "stopped"
    STARTED = "started"
    DELETED = "deleted"


class ConsentEntry(Base):
    """That somebody asked, or asked us to stop: a keyed mark, no number and no contact (28 U.S.C. 1658(a): four years)."""

    __tablename__ = "consent_entry"
    __table_args__ = (
        one_of("act", ConsentAct),
        Index("ix_consent_entry_mark", "mark"),
        {"info": kept("proof that you asked, or asked us to stop, without your number", days=4 * 365 + 90, by="day")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32))
    act: Mapped[ConsentAct] = mapped_column(Word(ConsentAct))
    subject: Mapped[str] = mapped_column(String(32), default="")
    wording: Mapped[str] = mapped_column(String(32))
    """Which words they saw: key and version."""
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(12))
    day: Mapped[dt.date] = mapped_column(Date)
