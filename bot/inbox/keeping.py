"""How is a text kept, once? In the transaction of its effect, by the carrier's own name for it.

Statements written once and for the table: a text in a flood has two milliseconds, and on SQLite it holds everybody's lock.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
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


def answers_to(session: Session, sids: Sequence[str]) -> dict[str, str]:
    """What we answered in the response to those of these that were here before, by sid; empty when that was nothing."""
    found = session.connection().execute(_seen(), {"sids": list(sids)})
    return {sid: texts.unlock(twiml, its_answer(sid)) if twiml else "" for sid, twiml in found}


def keep(session: Session, several: Sequence[tuple[Incoming, int]]) -> None:
    """Write texts down, each with its contact's id. Raises `IntegrityError` when somebody was quicker with one of them."""
    rows = [
        {
            "sid": one.sid,
            "locked": one.locked,
            "media": one.media,
            "contact_id": contact_id,
            "received_at": one.at,
        }
        for one, contact_id in several
    ]
    session.connection().execute(_kept(), rows)


def keep_answers(session: Session, answered: Mapping[str, str]) -> None:
    """What we answer to each (by sid) in the response: a repeat of its webhook gets the same."""
    values = [{"its_sid": sid, "twiml": texts.lock(xml, its_answer(sid))} for sid, xml in answered.items()]
    session.connection().execute(_answered(), values)


def how_many(session: Session, contact_id: int, minutes: float, until: dt.datetime, most: int) -> int:
    """Texts of this contact in the minutes until a moment, counted up to `most`."""
    asked = {"contact_id": contact_id, "since": until - dt.timedelta(minutes=minutes), "until": until, "most": most}
    return len(session.connection().execute(_recent(), asked).all())


def _table() -> Table:
    return InboundText.metadata.tables[InboundText.__tablename__]


@cache
def _seen() -> Select[str, bytes | None]:
    return select(_table().c.sid, _table().c.twiml).where(_table().c.sid.in_(bindparam("sids", expanding=True)))


@cache
def _kept() -> Insert:
    return insert(_table())


@cache
def _answered() -> Update:
    return update(_table()).where(_table().c.sid == bindparam("its_sid")).values(twiml=bindparam("twiml"))


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
