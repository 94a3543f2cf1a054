"""How is a text kept, once? In the transaction of its effect, by the carrier's own name for it.

Statements written once and for the table: a text in a flood has two milliseconds, and on SQLite it holds everybody's lock.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.inbox.models import InboundText, words_of
from bot.inbox.models import answer_to as its_answer
from bot.privacy import texts


@dataclass(frozen=True, slots=True)
class Incoming:
    """One text as it will be kept: locked before anything is locked for it."""

    sid: str
    locked: bytes
    media: int
    at: dt.datetime
    """When the carrier had it."""


def locked(sid: str, text: str, media: int, at: dt.datetime) -> Incoming:
    return Incoming(sid, texts.lock(text, words_of(sid)), media, at)


def kept_days() -> float:
    """After this a text is forgotten, and cannot be told from a new one."""
    days: float = _table().info["days"]
    return days


def known(session: Session, sids: Collection[str]) -> set[str]:
    """Which of these were here before."""
    return set(session.scalars(select(InboundText.sid).where(InboundText.sid.in_(sids))))


def answer_to(session: Session, sid: str) -> str | None:
    """What we answered to this text in the response, if it was here before; empty when that was nothing."""
    found = session.connection().execute(_seen(), {"sid": sid}).first()
    if found is None:
        return None
    return texts.unlock(found.twiml, its_answer(sid)) if found.twiml else ""


def keep(session: Session, incoming: Incoming, contact_id: int) -> None:
    """Write it down. Raises `IntegrityError` when somebody was quicker with the same text."""
    values = {"sid": incoming.sid, "locked": incoming.locked, "media": incoming.media}
    session.connection().execute(_kept(), values | {"contact_id": contact_id, "received_at": incoming.at})


def keep_answer(session: Session, incoming: Incoming, xml: str) -> None:
    """What we answer in the response: a repeat of this webhook gets the same."""
    values = {"its_sid": incoming.sid, "twiml": texts.lock(xml, its_answer(incoming.sid))}
    session.connection().execute(_answered(), values)


def how_many(session: Session, contact_id: int, minutes: float, until: dt.datetime, most: int) -> int:
    """Texts of this contact in the minutes until a moment, counted up to `most`."""
    asked = {"contact_id": contact_id, "since": until - dt.timedelta(minutes=minutes), "until": until, "most": most}
    return len(session.connection().execute(_recent(), asked).all())


def _table() -> Table:
    return InboundText.metadata.tables[InboundText.__tablename__]


@cache
def _seen() -> Select[bytes | None]:
    return select(_table().c.twiml).where(_table().c.sid == bindparam("sid"))


@cache
def _kept() -> Insert:
    return insert(_table())


@cache
def _answered() -> Update:
    return update(_table()).where(_table().c.sid == bindparam("its_sid"))


@cache
def _recent() -> Select[int]:
    text = _table().c
    return (
        select(text.id)
        .where(
            text.contact_id == bindparam("contact_id"),
            text.received_at > bindparam("since"),
            text.received_at <= bindparam("until"),
        )
        .limit(bindparam("most"))
    )
