"""Which copies may have left without our knowing it, and what is there to look for?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.channels.twilio import channel_address
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Rendition
from bot.privacy import numbers
from bot.settings import settings
from bot.store.many import among
from bot.store.session import reading, writing

MOST_AT_ONCE = 10_000
CHUNK = 1000
"""As many are written at once as hold SQLite's lock for some 30 ms."""
CLOCK_SKEW_SECONDS = 5
"""The carrier's times are whole seconds, by its own clock."""
BROADCAST_SKEW_SECONDS = 120
"""A broadcast reaches a person once, so an older row with its words can only be that copy, however wrong our clock is."""
Texts = dict[tuple[int | None, str, Channel], str]

_COPY = Delivery.__table__.c
_TAKE = update(Delivery.__table__).where(among(_COPY.id)).values(lease_until=bindparam("next_look"))  # type: ignore[arg-type]
_GIVE_UP = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(among(_COPY.id), _COPY.state == State.UNKNOWN)
    .values(lease_until=None, final_at=bindparam("moment"))
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """One copy that may have left: what to look for, and since when."""

    id: int
    contact_id: int
    to: str
    channel: Channel
    text: str
    since: dt.datetime
    may_end_in_a_word: bool = False
    """A broadcast's copy: behind it may stand the person's own word, of then, which they may have changed since."""

    def __repr__(self) -> str:
        return f"Lost({self.id})"


@dataclass(frozen=True, slots=True)
class Taken:
    """Those whose time it is. Their next look is set, and marks them as ours until then."""

    next_look: dt.datetime
    lost: list[Lost]


def take() -> Taken:
    """Claimed in short statements: two sweeps at the same time share them, and none is looked at too soon.

    What there is to look for is worked out afterwards, with nothing locked.
    """
    moment = now()
    next_look = moment + dt.timedelta(seconds=settings().unknown_look_seconds)
    ids: list[int] = []
    while len(ids) < MOST_AT_ONCE and (some := _claimed(moment, next_look)):
        ids += some
    return Taken(next_look, _sought(ids) if ids else [])


def _claimed(moment: dt.datetime, next_look: dt.datetime) -> Sequence[int]:
    due = select(Delivery.id).where(Delivery.state == State.UNKNOWN, Delivery.lease_until <= moment)
    with reading() as session:
        if session.scalar(due.limit(1)) is None:
            return []
    with writing() as session:
        ids = session.scalars(due.order_by(Delivery.id).limit(CHUNK).with_for_update(skip_locked=True)).all()
        session.connection().execute(_TAKE, {"ids": list(ids), "next_look": next_look})
    return ids


def _sought(ids: Sequence[int]) -> list[Lost]:
    """What to look for. Where the person or the words are gone there is nothing: such a row stays unknown, and ends no look."""
    with reading() as session:
        rows = session.execute(
            select(Delivery, Contact).outerjoin(Contact, Contact.id == Delivery.contact_id).where(among(Delivery.id)),
            {"ids": list(ids)},
        ).all()
        texts = _renditions(session, {delivery.broadcast_id for delivery, _ in rows})
    sought, gone = [], []
    for delivery, contact in rows:
        try:
            sought.append(_lost(delivery, contact, words(delivery, texts)))
        except (numbers.CannotOpen, *answers.WORDLESS) as error:
            log.error("cannot_look_for", delivery=delivery.id, error_type=type(error).__name__)
            gone.append(delivery.id)
    _give_up(gone)
    return sought


def words(delivery: Delivery, texts: Texts) -> str:
    """The text of a copy, whatever it was. Raises one of `WORDLESS`."""
    if delivery.key is not None:
        return answers.rendered(delivery)
    return texts[delivery.broadcast_id, delivery.language, delivery.channel]


def _lost(delivery: Delivery, contact: Contact | None, text: str) -> Lost:
    if contact is None:
        raise LookupError("the person asked to be forgotten")
    skew = CLOCK_SKEW_SECONDS if delivery.broadcast_id is None else BROADCAST_SKEW_SECONDS
    since = (delivery.claimed_at or delivery.created_at) - dt.timedelta(seconds=skew)
    return Lost(
        delivery.id, contact.id, channel_address(contact.address, delivery.channel), delivery.channel, text, since,
        may_end_in_a_word=delivery.broadcast_id is not None,
    )  # fmt: skip


def _renditions(session: Session, broadcasts: set[int | None]) -> Texts:
    rows = session.scalars(select(Rendition).where(Rendition.broadcast_id.in_(broadcasts - {None})))
    return {(row.broadcast_id, row.language, row.channel): row.text for row in rows}


def _give_up(ids: list[int]) -> None:
    if ids:
        with writing() as session:
            session.connection().execute(_GIVE_UP, {"ids": ids, "moment": now()})


def twins_in_flight(session: Session, lost: Sequence[Lost]) -> set[int]:
    """Those whose very words a worker holds for the same person right now: a row on the list may be that one's."""
    held = session.scalars(
        select(Delivery).where(among(Delivery.contact_id), Delivery.state == State.CLAIMED),
        {"ids": [one.contact_id for one in lost]},
    ).all()
    texts = _renditions(session, {delivery.broadcast_id for delivery in held})
    flying = {(d.contact_id, d.channel, text) for d in held if (text := _words_or_none(d, texts)) is not None}
    return {one.id for one in lost if (one.contact_id, one.channel, one.text) in flying}


def _words_or_none(delivery: Delivery, texts: Texts) -> str | None:
    try:
        return words(delivery, texts)
    except answers.WORDLESS:
        return None
