"""Which copies leave next, and may each of them? Claimed in one short transaction, highest lane first.

STOP, expiry, halt, freeze and the fuse are asked here, where the row is taken, and again for what is still in a worker's hands
half a second later (promises 1, 2, 4 and 5). The database is let go before anything is sent.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import answers, fitness, fuse
from bot.outbox.freezing import LEAVES_FROZEN, frozen
from bot.outbox.models import Broadcast, Delivery, State
from bot.outbox.settling import by_sms_instead
from bot.settings import settings
from bot.store.session import reading, writing

MOST_AT_ONCE = 2000

log = structlog.get_logger()


@dataclass(slots=True)
class Copy:
    """One claimed copy in a worker's hands, with its words and its sealed address."""

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
    kept: bool = False
    """Leaves out of the replies' own share of the pace."""

    def __repr__(self) -> str:
        return f"Copy({self.id})"


def claim(channel: Channel, lanes: Sequence[int], most_segments: int) -> list[Copy]:
    """Take up to `most_segments` of waiting copies of these lanes (at least one copy, if any waits)."""
    with writing() as session:
        rows = _fitting(session, channel, lanes, most_segments)
        words = {
            id_: fuse.released_words(session, id_) for id_ in {row.broadcast_id for row in rows if row.broadcast_id}
        }
        moment = now()
        lease_until = moment + dt.timedelta(seconds=lease_seconds())
        taken = []
        for row in rows:
            try:
                taken.append(_copy(row, _text(row, words), lease_until))
            except answers.WORDLESS as without:
                # One row that cannot be said must not hold up all those behind it.
                log.error("no_words", delivery=row.id, reason=type(without).__name__)
                _drop(session, [row.id], "not_released" if row.broadcast_id else "no_words")
        _mark(session, [copy.id for copy in taken], moment, lease_until)
        return taken


def lease_seconds() -> float:
    """Longer than a request can last, whatever the settings say: else a slow answer would look like a lost worker."""
    return max(settings().lease_seconds, settings().twilio_timeout_seconds * 2)


def _fitting(
    session: Session, channel: Channel, lanes: Sequence[int], most_segments: int
) -> list[Row[*tuple[Any, ...]]]:
    """The next rows that may leave. Those that may not are settled on the way, so that they do not come up again."""
    moment = now()
    spent, fitting = 0, []
    for row in session.execute(_waiting(session, channel, lanes, moment).limit(min(most_segments, MOST_AT_ONCE))).all():
        why = fitness.why_not(row, moment)
        if why == "outside_window":
            by_sms_instead(session, session.get_one(Delivery, row.id), why)
        elif why:
            _drop(session, [row.id], why)
        elif spent and spent + row.segments > most_segments:
            break
        else:
            spent += row.segments
            fitting.append(row)
    return fitting


def _waiting(session: Session, channel: Channel, lanes: Sequence[int], moment: dt.datetime) -> Select[*tuple[Any, ...]]:
    found = (
        fitness.columns()
        .where(
            Delivery.state == State.WAITING,
            Delivery.channel == channel,
            Delivery.lane.between(min(lanes), max(lanes)),
            or_(Delivery.not_before.is_(None), Delivery.not_before <= moment),
        )
        .order_by(Delivery.lane, Delivery.id)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    if frozen(session) is not None:
        found = found.where(or_(Delivery.broadcast_id.is_(None), Broadcast.kind.in_(LEAVES_FROZEN)))
    return found


def _text(row: Row[*tuple[Any, ...]], words: dict[int, fuse.Words | None]) -> str:
    """The words of a copy. Raises one of `WORDLESS` where nobody released them, or the catalog has none for its key."""
    if row.broadcast_id is None:
        return answers.words(row.key, row.language, Channel(row.channel), row.values or {})
    released = words[row.broadcast_id]
    rendition = released and released.texts.get((row.language, row.channel))
    if not rendition:
        raise LookupError("not released in this language and channel")
    return rendition.text


def _copy(row: Row[*tuple[Any, ...]], text: str, lease_until: dt.datetime) -> Copy:
    return Copy(
        id=row.id,
        attempt=row.attempts + 1,
        channel=Channel(row.channel),
        lane=row.lane,
        segments=row.segments,
        text=text,
        contact_id=row.contact_id,
        tag=row.tag,
        sealed=row.sealed,
        locked=row.locked,
        expires_at=row.expires_at,
        lease_until=lease_until,
    )


def _mark(session: Session, ids: list[int], moment: dt.datetime, lease_until: dt.datetime) -> None:
    if ids:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(state=State.CLAIMED, attempts=Delivery.attempts + 1, claimed_at=moment, lease_until=lease_until)
            .execution_options(synchronize_session=False)
        )


def _drop(session: Session, ids: list[int], why: str) -> None:
    if ids:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.state.in_((State.WAITING, State.CLAIMED)))
            .values(state=State.DROPPED, failure=why, final_at=now(), lease_until=None)
            .execution_options(synchronize_session=False)
        )


def still_ours(copies: Sequence[Copy]) -> list[Copy]:
    """Asked again right before they leave: those that still may. The others are settled, or were another's by now."""
    moment = now()
    with reading() as session:
        holds = frozen(session) is not None
        rows = {
            row.id: row
            for row in session.execute(fitness.columns().where(Delivery.id.in_([copy.id for copy in copies])))
        }
        meant = {row.broadcast_id for row in rows.values() if row.broadcast_id}
        changed = {id_ for id_ in meant if fuse.released_words(session, id_) is None}
    ours, verdicts = [], []
    for copy in copies:
        row = rows.get(copy.id)
        if row is None or row.state != State.CLAIMED or row.attempts != copy.attempt:
            continue
        why = fitness.why_not(row, moment) or ("not_released" if row.broadcast_id in changed else None)
        if why is None and holds and row.broadcast_id and row.kind not in LEAVES_FROZEN:
            why = "frozen"
        if why is None:
            ours.append(copy)
        else:
            verdicts.append((copy, why))
    _settle(verdicts)
    return ours


def _settle(verdicts: list[tuple[Copy, str]]) -> None:
    """Frozen copies, and those that SMS must carry now, wait again; the rest is dropped."""
    put_back([copy for copy, why in verdicts if why in ("frozen", "outside_window")])
    dropped = [(copy, why) for copy, why in verdicts if why not in ("frozen", "outside_window")]
    if dropped:
        with writing() as session:
            for why in {why for _copy_, why in dropped}:
                _drop(session, [copy.id for copy, because in dropped if because == why], why)


def put_back(copies: Iterable[Copy], after_seconds: float = 0) -> None:
    """Nothing of these has left, for certain: they wait again."""
    attempts = {copy.id: copy.attempt for copy in copies}
    if not attempts:
        return
    with writing() as session:
        held = select(Delivery).where(Delivery.id.in_(attempts), Delivery.state == State.CLAIMED).with_for_update()
        for delivery in session.scalars(held):
            if delivery.attempts == attempts[delivery.id]:
                delivery.state, delivery.lease_until = State.WAITING, None
                if after_seconds:
                    delivery.not_before = now() + dt.timedelta(seconds=after_seconds)
