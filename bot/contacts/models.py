"""Who is at the other end? One contact per number, which nobody here can read."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, SmallInteger, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import local, now
from bot.privacy import numbers
from bot.store.types import Base, BigId, Moment, Word, kept, one_of

WHATSAPP_WINDOW_HOURS = 24
"""Meta: free-form messages only within a day of the person's last one (error 63016 after it)."""


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Contact(Base):
    """One number, sealed by whoever took it in and locked by a worker soon after; `tag` finds it; nothing here says who it is."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("channel", Channel),
        CheckConstraint("sealed IS NOT NULL OR locked IS NOT NULL", name="has_an_address"),
        Index(
            "ix_contact_sealed",
            "id",
            sqlite_where=text("sealed IS NOT NULL"),
            postgresql_where=text("sealed IS NOT NULL"),
        ),
        {"info": kept("to answer and to tell you what you asked to hear")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tag: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    whatsapp_tag: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """The same person's WhatsApp id, which stays when they hide the number."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """As the web process left it; empty once it is locked (`contacts.locking`)."""
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Bound to this row, under a key that only workers have: cheap to open when an alert leaves."""
    has_number: Mapped[bool] = mapped_column(default=True)
    """False: only a WhatsApp id is known, which no SMS can reach."""
    channel: Mapped[Channel] = mapped_column(Word(Channel), default=Channel.SMS)
    language: Mapped[str | None] = mapped_column(String(8))
    """Chosen by join word, LANG, or a clear first text; `None` until we know."""
    wished_language: Mapped[str | None] = mapped_column(String(24))
    joined_on: Mapped[dt.date] = mapped_column(Date)
    stopped_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    whatsapp_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Until then WhatsApp may carry free-form messages."""
    suppressed: Mapped[str | None] = mapped_column(String(32))
    """Why the carrier cannot reach this number at all (a name of `channels.failures`)."""
    strikes: Mapped[int] = mapped_column(SmallInteger, default=0)
    check_word: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The word that genuine alerts carry to this person, locked for this row (`contacts.check_words`)."""

    @property
    def address(self) -> str:
        """The open address, for a worker. Raises `numbers.CannotOpen`, or `KeyMissing` anywhere else."""
        return numbers.opened(self.id, self.tag, self.sealed, self.locked)

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    def heard_on(self, channel: Channel, at: dt.datetime | None = None) -> None:
        """They wrote to us: answer where they write, and note WhatsApp's window. `at`: then already, though we hear it now."""
        self.channel = self.channel if at else channel
        self.suppressed, self.strikes = None, 0
        if channel is Channel.WHATSAPP:
            closes = (at or now()) + dt.timedelta(hours=WHATSAPP_WINDOW_HOURS)
            self.whatsapp_until = max(self.whatsapp_until or closes, closes)

    def stop(self, at: dt.datetime | None = None) -> None:
        """From the moment they said it."""
        self.stopped_at = max(self.stopped_at or at or now(), at or now())

    def start(self) -> None:
        self.stopped_at = None


def find(session: Session, address: str) -> Contact | None:
    """The contact of an address (as `numbers.address` spells it), if there is one."""
    mark = numbers.tag(address)
    return session.scalars(select(Contact).where((Contact.tag == mark) | (Contact.whatsapp_tag == mark))).first()


def find_or_add(session: Session, address: str, channel: Channel, whatsapp_id: str | None = None) -> Contact:
    """The contact of an address, made on first sight. `whatsapp_id` links the id that survives a hidden number."""
    contact = find(session, address) or (find(session, whatsapp_id) if whatsapp_id else None)
    if contact is None:
        contact = newcomer(address, channel)
        session.add(contact)
    elif _is_number(address) and contact.tag != numbers.tag(address):
        _moved(contact, address)
    if whatsapp_id and numbers.tag(whatsapp_id) not in (contact.tag, contact.whatsapp_tag):
        _takes_id(session, contact, numbers.tag(whatsapp_id))
    session.flush()
    return contact


def newcomer(address: str, channel: Channel) -> Contact:
    """A contact as it begins, kept nowhere yet: sealing a number takes longer than writing it down."""
    unknown = dict.fromkeys(
        ("whatsapp_tag", "language", "wished_language", "stopped_at", "whatsapp_until", "suppressed")
    )
    return Contact(joined_on=local(now()).date(), channel=channel, strikes=0, **_kept(address), **unknown)


def _kept(address: str) -> dict[str, Any]:
    return {
        "tag": numbers.tag(address),
        "sealed": numbers.seal(address),
        "locked": None,
        "has_number": _is_number(address),
    }


def _moved(contact: Contact, address: str) -> None:
    """The person of this WhatsApp id has a new number: the old one may be somebody else's by now."""
    for name, value in _kept(address).items():
        setattr(contact, name, value)


def _takes_id(session: Session, contact: Contact, mark: bytes) -> None:
    """The id belongs to whoever writes under it now; a number that had it before is left with its number."""
    session.execute(update(Contact).where(Contact.whatsapp_tag == mark).values(whatsapp_tag=None))
    contact.whatsapp_tag = mark


def _is_number(address: str) -> bool:
    return not address.startswith("whatsapp:")
