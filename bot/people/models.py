"""Who works here? People by pseudonym, each of one invitation line, which is what keeps two hands independent."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.contacts.models import Contact
from bot.store.types import Base, BigId, Moment, Word, kept, of_contact, one_of

WRONG_CODES = 5
"""After this many a link is dead: six digits are not guessed in five tries."""


class Role(StrEnum):
    VERIFIER = "verifier"
    DISPATCHER = "dispatcher"
    ORGANIZER = "organizer"
    COORDINATOR = "coordinator"


class InvitationLine(Base):
    """All who were invited by one founder, or by somebody of that founder's line. Two founders at least."""

    __tablename__ = "invitation_line"
    __table_args__ = {"info": kept("to tell independent people apart")}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)


class Person(Base):
    """A volunteer or organizer under a pseudonym. A phone, if they gave one, hangs on as a contact like any other."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("role", Role),
        UniqueConstraint("id", "line_id"),
        Index("uq_person_senior", "id", "line_id", "senior", unique=True),
        CheckConstraint("trial_ended_at IS NULL OR trial_ended_by_id IS NOT NULL", name="trial_ended_by_somebody"),
        CheckConstraint("trial_ended_by_id <> id", name="trial_not_ended_by_oneself"),
        {"info": kept("to know who may do what")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    senior: Mapped[bool] = mapped_column(default=False)
    trial_began_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """A new verifier: what they find is compared and not counted (`moderation.trial`), until a coordinator ends it."""
    trial_ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    trial_ended_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("invitation_line.id"))
    invited_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    contact_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("contact.id", ondelete="SET NULL"), unique=True, info=of_contact("unlink")
    )
    language: Mapped[str] = mapped_column(String(8), default="en")
    passphrase_hash: Mapped[str | None] = mapped_column(String(160))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(BigId, default=0)
    """The last accepted 30-second step: an older code must not be played again (RFC 6238, 5.2)."""
    key_handle: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Random: what this person's devices call them. It says nothing about them."""
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Wrong passphrases: until then only a browser this person has used before may try (`people.sign_in`)."""
    failed_codes: Mapped[int] = mapped_column(default=0)
    codes_held_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Wrong codes after a right passphrase: until then nobody may try."""
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_here_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When they last signed in, clicked, or began a shift (`people.review`)."""
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    suspended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Access that ended because nobody used it; two people can give it back (`people.recovery`)."""

    contact: Mapped[Contact | None] = relationship()
    areas: Mapped[list["PersonArea"]] = relationship(cascade="all, delete-orphan")

    @property
    def is_on_trial(self) -> bool:
        return self.trial_began_at is not None and self.trial_ended_at is None

    @property
    def may_release(self) -> bool:
        return self.revoked_at is None and self.role in (Role.ORGANIZER, Role.COORDINATOR)

    @property
    def may_dispatch(self) -> bool:
        return self.revoked_at is None and self.role is not Role.VERIFIER

    @property
    def neighborhoods(self) -> tuple[str, ...]:
        return tuple(sorted(area.neighborhood for area in self.areas))


class PersonArea(Base):
    """A neighborhood this person declared. Paging uses it, never where their phone is."""

    __tablename__ = "person_area"
    __table_args__ = {"info": kept("to page the nearest volunteers")}

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    neighborhood: Mapped[str] = mapped_column(String(32), primary_key=True)


class Shift(Base):
    """From ON to OFF (or to the end that was planned)."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_shift_person", "person_id", "starts_at"),
        {"info": kept("to know who is on", days=90, by="ends_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[dt.datetime] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)


class Invitation(Base):
    """A link used once, with a code told by voice. Only hashes are kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", Role),
        ForeignKeyConstraint(["confirmed_by_id", "confirmed_by_line"], ["person.id", "person.line_id"]),
        CheckConstraint("confirmed_by_line IS NULL OR confirmed_by_line <> line_id", name="confirmed_by_another_line"),
        CheckConstraint(
            "used_at IS NULL OR role = 'verifier' OR invited_by IS NULL OR confirmed_by_id IS NOT NULL",
            name="a_second_where_it_takes_two",
        ),
        {"info": kept("to let the right person in, once", days=30, by="expires_at")},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    role: Mapped[Role] = mapped_column(Word(Role))
    senior: Mapped[bool] = mapped_column(default=False)
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("invitation_line.id"))
    invited_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId)
    confirmed_by_line: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    used_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Taken back by somebody, before it was used."""

    @property
    def takes_two(self) -> bool:
        """Whoever can do more than look is let in by two people of two lines. Founders begin lines of their own."""
        return self.role is not Role.VERIFIER and self.invited_by is not None

    @property
    def waits_for_a_second(self) -> bool:
        return self.takes_two and self.confirmed_by_id is None


class SignedIn(Base):
    """One session of one person, in the database so that it can be listed and ended at once."""

    __tablename__ = "signed_in"
    __table_args__ = {"info": kept("to keep you signed in, and to end it at once", days=14, by="expires_at")}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    before_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    """The token before the last proof: what was sent under it a moment ago is still heard (`people.sessions`)."""
    renewed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_seen_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    proved_at: Mapped[dt.datetime] = mapped_column(Moment)
    """When the second factor was last shown (step-up)."""
    wrong_proofs: Mapped[int] = mapped_column(default=0)
    """Wrong codes shown in this session: they end it, and hold nobody up elsewhere."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


def by_person(*columns: str) -> list[ForeignKeyConstraint]:
    """Composite foreign keys `(<column>_id, <column>_line)` -> a person *of that line*: the database knows both."""
    return [
        ForeignKeyConstraint([f"{column}_id", f"{column}_line"], ["person.id", "person.line_id"]) for column in columns
    ]
