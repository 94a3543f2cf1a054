"""What about a person do two others decide together? New keys for somebody who lost theirs, and another role."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.people.models import WRONG_CODES, Person, Role, by_person
from bot.store.types import Base, BigId, Moment, Word, kept, one_of


def two_hands() -> tuple[CheckConstraint, ...]:
    """Held by the database: two people of two lines, and neither decides about themselves."""
    return (
        CheckConstraint("asked_by_id <> person_id", name="not_asked_by_themselves"),
        CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> person_id", name="not_agreed_by_themselves"),
        CheckConstraint("agreed_by_line IS NULL OR agreed_by_line <> asked_by_line", name="two_lines"),
        CheckConstraint(
            "(agreed_by_id IS NULL) = (agreed_at IS NULL) AND (agreed_by_id IS NULL) = (agreed_by_line IS NULL)",
            name="agreed_by_somebody",
        ),
    )


class ByTwo(Base):
    """What one person asks about another, and a second agrees to or not."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int] = mapped_column(BigId)
    asked_by_line: Mapped[int] = mapped_column(BigId)
    agreed_by_id: Mapped[int | None] = mapped_column(BigId)
    agreed_by_line: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    agreed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """Done, taken back, or followed by another."""

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.expires_at > now()

    def is_agreed_by_another(self, person: Person) -> bool:
        return self.agreed_at is not None and self.agreed_by_id != person.id


class Recovery(ByTwo):
    """Somebody lost their keys. One organizer holds the link, another the code: neither alone can become that person."""

    __tablename__ = "recovery"
    __table_args__ = (
        *by_person("asked_by", "agreed_by"),
        *two_hands(),
        CheckConstraint("used_at IS NULL OR agreed_at IS NOT NULL", name="used_when_agreed"),
        Index("uq_recovery_running", "person_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        {"info": kept("to let back in who lost their keys, once", days=30, by="expires_at")},
    )  # fmt: skip

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    @property
    def is_running(self) -> bool:
        return super().is_running and self.wrong_codes < WRONG_CODES


class RoleChange(ByTwo):
    """Another role for somebody: asked for by one, made by the second."""

    __tablename__ = "role_change"
    __table_args__ = (
        one_of("role", Role),
        *by_person("asked_by", "agreed_by"),
        *two_hands(),
        Index("uq_role_change_running", "person_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        {"info": kept("who gave whom which role", days=730)},
    )  # fmt: skip

    role: Mapped[Role] = mapped_column(Word(Role))
    senior: Mapped[bool] = mapped_column(default=False, server_default=false())
    """As a verifier whose look settles a dispute."""
