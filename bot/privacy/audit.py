"""Who did what? An append-only chain of staff acts: staff ids and object ids, never a number or a text.

`python -m bot doctor` follows it. What it cannot see: that the newest entries were cut off, or that an owner of the database
rewrote everything from some entry on; so its head is worth publishing.
"""

import datetime as dt
import hashlib
import json

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import now
from bot.store.alone import alone
from bot.store.types import Base, BigId, Moment, kept

FIRST = b"\x00" * 32
KEPT_DAYS = 730
AT_A_TIME = 1000


class AuditEntry(Base):
    """One act. `chain` = SHA-256 of the entry before and this one's words."""

    __tablename__ = "audit_entry"
    __table_args__ = {"info": kept("who did what, for accountability", days=KEPT_DAYS)}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(BigId)
    act: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(200), default="")
    chain: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


def record(session: Session, act: str, subject: str, person_id: int | None = None, detail: str = "") -> AuditEntry:
    """Append one act, in the transaction of the act itself. `subject` is such as `incident:12`."""
    alone(session, "audit")  # two acts at once would both follow the same entry, and the chain would look cut
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()
    entry = AuditEntry(created_at=now(), person_id=person_id, act=act, subject=subject, detail=detail)
    entry.chain = _link(last.chain if last else FIRST, entry)
    session.add(entry)
    session.flush()
    return entry


def broken_at(session: Session, *, purged: bool = False) -> int | None:
    """The id of the first entry that does not follow from the one before; `None` when the chain holds.

    `purged`: some may be gone because they were old enough. Then the oldest kept is believed; else it must be the first of all.
    """
    previous = None if purged else FIRST
    entries = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=AT_A_TIME)
    with session.scalars(entries) as read:
        for entry in read:
            if previous is not None and entry.chain != _link(previous, entry):
                return entry.id
            previous = entry.chain
    return None


def _link(previous: bytes, entry: AuditEntry) -> bytes:
    words = [entry.created_at.isoformat(), entry.person_id, entry.act, entry.subject, entry.detail]
    return hashlib.sha256(previous + json.dumps(words).encode()).digest()
