"""Which copies leave next, and may each of them? Claimed in one short transaction, highest lane first.

STOP, expiry, halt, freeze and the fuse are asked here, where the row is taken, and again for what is still in a worker's hands
half a second later (`holding`; promises 1, 2, 4 and 5). The database is let go before anything is sent. The statements are
written once and never change: building them anew cost more than running them.
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Row, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts import check_words
from bot.contacts.models import Channel
from bot.outbox import answers, clips, fuse, let_out
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.fitness import BROADCAST, COPY, NOW, PERSON, chosen, leaves_frozen
from bot.outbox.freezing import is_frozen
from bot.outbox.models import Kind
from bot.outbox.settling import by_sms_instead
from bot.settings import settings
from bot.store.many import among
from bot.store.session import looking, writing

MOST_AT_ONCE = 2000
CARRY_A_WORD = tuple(kind for kind in Kind if kind is not Kind.NOTICE)
"""What a forger would send in our name; a copy of it says the person's own word, and nothing else beside what was released."""

_IS_DUE = (
    COPY.state == State.WAITING,
    COPY.channel == bindparam("channel"),
    COPY.lane.between(bindparam("from_lane"), bindparam("to_lane")),
    or_(COPY.not_before.is_(None), COPY.not_before <= NOW),
)
_ANY = select(exists().where(*_IS_DUE))
_WAITING = (
    chosen(
        COPY.contact_id, COPY.lane, COPY.language, COPY.segments, COPY.key, COPY["values"], COPY.clip,
        COPY.expires_at, PERSON.tag, PERSON.sealed, PERSON.locked, PERSON.check_word, BROADCAST.kind,
    )
    .where(*_IS_DUE)
    .order_by(COPY.lane, COPY.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Delivery.__table__)
)  # fmt: skip
_WAITING_FROZEN = _WAITING.where(leaves_frozen())
_MARK = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(among(COPY.id))
    .values(state=State.CLAIMED, attempts=COPY.attempts + 1, claimed_at=bindparam("at"), lease_until=bindparam("until"))
)
_DROP = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(among(COPY.id), or_(COPY.state == State.WAITING, COPY.state == State.CLAIMED))
    .values(state=State.DROPPED, failure=bindparam("why"), final_at=bindparam("at"), lease_until=None)
)

log = structlog.get_logger()


@dataclass(slots=True)
class Copy:
    """One claimed copy in a worker's hands, with its words and its closed address."""

    id: int
    attempt: int
    channel: Channel
    lane: int
    segments: int
    text: str
    contact_id: int
    tag: bytes
    sealed: bytes | None
    locked: bytes | None
    expires_at: dt.datetime
    lease_until: dt.datetime
    asked_at: float
    """By `time.monotonic()`: when the database was last asked whether it may leave. Waiting for a lock is no asking."""
    clip: str = ""
    """Where the carrier fetches the recording that goes with it, or instead of it (`outbox.clips`)."""
    kept: bool = False
    """Leaves out of the replies' own share of the pace."""

    def __repr__(self) -> str:
        return f"Copy({self.id})"


class Taken(NamedTuple):
    """What a claim came to."""

    copies: list[Copy]
    settled: int = 0
    """So many were waiting and may not leave: there may be more behind them."""


def claim(channel: Channel, lanes: Sequence[int], most_segments: int) -> Taken:
    """Take up to `most_segments` of waiting copies of these lanes (at least one copy, if any waits)."""
    asked = {"channel": channel, "from_lane": min(lanes), "to_lane": max(lanes)}
    if not _anything(asked):
        return Taken([])
    with writing() as session:
        asked_at = time.monotonic()
        rows, settled = _fitting(session, channel, asked, most_segments)
        words = let_out.words_for(session, {row.broadcast_id for row in rows if row.broadcast_id})
        moment = now()
        until = moment + dt.timedelta(seconds=lease_seconds())
        taken = []
        for row in rows:
            try:
                taken.append(_copy(row, channel, words, until, asked_at))
            except answers.WORDLESS as without:
                # One row that cannot be said must not hold up all those behind it.
                log.error("no_words", delivery=row.id, reason=type(without).__name__)
                drop(session, [row.id], "not_released" if row.broadcast_id else "no_words")
        if taken:
            session.connection().execute(_MARK, {"ids": [copy.id for copy in taken], "at": moment, "until": until})
        return Taken(taken, settled)


def lease_seconds() -> float:
    """Longer than a request can last, whatever the settings say: else a slow answer would look like a lost worker."""
    return max(settings().lease_seconds, settings().twilio_timeout_seconds * 2)


def drop(session: Session, ids: list[int], why: str) -> None:
    """These are not sent, here or by anybody."""
    if ids:
        session.connection().execute(_DROP, {"ids": ids, "why": why, "at": now()})


def _anything(asked: dict[str, Any]) -> bool:
    """Asked without the write lock: most looks find nothing, and must not hold up those who write."""
    with looking() as connection:
        return bool(connection.scalar(_ANY, {**asked, "now": now()}))


def _fitting(
    session: Session, channel: Channel, asked: dict[str, Any], most_segments: int
) -> tuple[list[Row[Any]], int]:
    """The next rows that may leave. Those that may not are settled on the way, so that they do not come up again: so many."""
    statement = _WAITING_FROZEN if is_frozen(session) else _WAITING
    most = min(most_segments, MOST_AT_ONCE)
    spent, settled, fitting = 0, 0, []
    for row in session.connection().execute(statement, {**asked, "now": now(), "most": most}).all():
        if row.why:
            settled += 1
            if row.why == "outside_window":
                by_sms_instead(session, session.get_one(Delivery, row.id), row.why)
            else:
                drop(session, [row.id], row.why)
        elif spent and spent + row.segments > most_segments:
            break
        else:
            spent += row.segments
            fitting.append(row)
    return fitting, settled


def _copy(row: Row[Any], channel: Channel, words: dict[int, fuse.Words], until: dt.datetime, asked_at: float) -> Copy:
    """A row of `_WAITING` as it is taken. Raises one of `WORDLESS` where nobody released it, or the catalog has no such key."""
    (
        id_, attempts, broadcast_id, _, contact_id, lane, language, segments, key, values, clip, expires_at, tag, sealed, locked,
        word, kind,
    ) = tuple(row)  # fmt: skip
    heard = _clip(clip, channel)
    if broadcast_id is not None:
        text = _released(words.get(broadcast_id), language, channel)
        if word is not None and kind in CARRY_A_WORD:
            text = check_words.said_after(text, check_words.opened(contact_id, word))
    elif clip and channel is Channel.WHATSAPP:
        text = ""
    else:
        text = answers.words(key, language, channel, values or {})
    return Copy(
        id_, attempts + 1, channel, lane, segments, text, contact_id, tag, sealed, locked, expires_at, until, asked_at, heard,
    )  # fmt: skip


def _clip(name: str | None, channel: Channel) -> str:
    """Its address, asked for as it leaves. By MMS the words go without one that was taken back meanwhile; else it raises."""
    if not name:
        return ""
    try:
        return clips.address(name)
    except LookupError:
        if channel is Channel.WHATSAPP:
            raise
        return ""


def _released(words: fuse.Words | None, language: str, channel: Channel) -> str:
    text = words and words.texts.get((language, channel))
    if not text:
        raise LookupError("not released in this language and channel")
    return text
