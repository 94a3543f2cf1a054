"""Did a lost send arrive? The carrier's own list is looked at, twice, before anything is sent a second time.

A copy is `unknown` when its request timed out, was answered 5xx or reset, or when its worker died with it. A receipt settles it
at once (`receipts`). Else we look for it on the list by number and text; the list lags, so absence counts only when it was
seen twice, `UNKNOWN_LOOK_SECONDS` apart. Then nothing was accepted, and the copy waits again like any other.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.channels.twilio import channel_address
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers
from bot.outbox.merging import merge_all
from bot.outbox.models import Delivery, Rendition, State
from bot.privacy import numbers
from bot.settings import settings
from bot.store.session import writing

MOST_AT_ONCE = 2000
LIST_FROM = 10
"""So many lost at once are looked up on the whole list (a thousand a page), fewer one by one."""
LOOKS = 2
CLOCK_SKEW_SECONDS = 5
"""The carrier's times are whole seconds, by its own clock."""
BROADCAST_SKEW_SECONDS = 120
"""A broadcast reaches a person once, so an older row with its words can only be that copy, however wrong our clock is."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """One copy that may have left: what to look for, and since when."""

    id: int
    attempt: int
    contact_id: int
    to: str
    channel: Channel
    text: str
    since: dt.datetime

    def __repr__(self) -> str:
        return f"Lost({self.id})"

    def is_in(self, row: Logged) -> bool:
        return row.to == self.to and row.created_at >= self.since and row.body.strip() == self.text.strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the carrier's list, as `merging` reads it."""

    delivery_id: int
    sid: str
    status: str
    error: str
    at: dt.datetime


def look() -> int:
    """Look for every lost copy whose time it is; how many. No database is held while the carrier is asked."""
    lost = _take()
    if not lost:
        return 0
    try:
        rows = _rows(lost)
    except CannotLook:
        log.warning("carrier_list_unreadable", count=len(lost))
        return 0  # their next look is already set
    _decide(lost, rows)
    return len(lost)


def _take() -> list[Lost]:
    """Those due, whose next look is set at once: two sweeps at the same time share them, and none is looked at too soon."""
    moment = now()
    next_look = moment + dt.timedelta(seconds=settings().unknown_look_seconds)
    with writing() as session:
        due = session.execute(
            select(Delivery, Contact)
            .outerjoin(Contact, Contact.id == Delivery.contact_id)
            .where(Delivery.state == State.UNKNOWN, Delivery.lease_until <= moment)
            .order_by(Delivery.id)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True, of=Delivery)
        ).all()
        lost = []
        for delivery, contact in due:
            sought = _sought(session, delivery, contact)
            if sought is None:
                delivery.lease_until, delivery.final_at = None, moment  # nobody to look for: it stays unknown
            else:
                delivery.lease_until = next_look
                lost.append(sought)
        return lost


def _sought(session: Session, delivery: Delivery, contact: Contact | None) -> Lost | None:
    """What to look for; `None` where the person or the words are gone. One such row must not end the look at all others."""
    if contact is None:
        return None
    try:
        text = _text(session, delivery)
        return None if text is None else _lost(delivery, contact, text)
    except (numbers.CannotOpen, *answers.WORDLESS) as gone:
        log.error("cannot_look_for", delivery=delivery.id, error_type=type(gone).__name__)
        return None


def _lost(delivery: Delivery, contact: Contact, text: str) -> Lost:
    skew = CLOCK_SKEW_SECONDS if delivery.broadcast_id is None else BROADCAST_SKEW_SECONDS
    since = (delivery.claimed_at or delivery.created_at) - dt.timedelta(seconds=skew)
    to = channel_address(contact.address, delivery.channel)
    return Lost(delivery.id, delivery.attempts, contact.id, to, delivery.channel, text, since)


def _text(session: Session, delivery: Delivery) -> str | None:
    if delivery.key is not None:
        return answers.rendered(delivery)
    return session.scalar(
        select(Rendition.text).where(
            Rendition.broadcast_id == delivery.broadcast_id,
            Rendition.language == delivery.language,
            Rendition.channel == delivery.channel,
        )
    )


def _rows(lost: list[Lost]) -> list[Logged]:
    if len(lost) >= LIST_FROM:
        return carrier_log.messages_since(min(one.since for one in lost))
    return [row for one in lost for row in carrier_log.messages_to(one.to, one.channel, one.since)]


def _decide(lost: list[Lost], rows: Iterable[Logged]) -> None:
    by_address: dict[str, list[Logged]] = {}
    for row in rows:
        by_address.setdefault(row.to, []).append(row)
    with writing() as session:
        # In this order: a twin that is recorded in between is known by its sid then.
        doubtful = {one.id for one in lost if one.to in by_address and _has_twin_in_flight(session, one)}
        ours = _known_sids(session, by_address.values())
        for one in lost:
            if one.id in doubtful:
                continue  # its next look is already set
            match = next((row for row in by_address.get(one.to, []) if one.is_in(row) and row.sid not in ours), None)
            if match is None:
                _absent(session, one)
            else:
                ours.add(match.sid)
                merge_all(session, [Found(one.id, match.sid, match.status, match.error, match.created_at)])
                log.info("lost_and_found", delivery=one.id)


def _has_twin_in_flight(session: Session, one: Lost) -> bool:
    """Whether a worker holds the same words for the same person right now: then a row on the list may be that one's."""
    others = select(Delivery).where(
        Delivery.contact_id == one.contact_id,
        Delivery.id != one.id,
        Delivery.channel == one.channel,
        Delivery.state == State.CLAIMED,
    )
    return any(_words(session, other) == one.text for other in session.scalars(others))


def _words(session: Session, delivery: Delivery) -> str | None:
    try:
        return _text(session, delivery)
    except answers.WORDLESS:
        return None


def _known_sids(session: Session, rows: Iterable[list[Logged]]) -> set[str]:
    """Two equal texts to one person are two messages: one that another copy answers for is not this one's."""
    sids = [row.sid for of_one in rows for row in of_one]
    known: set[str] = set()
    for start in range(0, len(sids), MOST_AT_ONCE):
        some = sids[start : start + MOST_AT_ONCE]
        known.update(sid for sid in session.scalars(select(Delivery.sid).where(Delivery.sid.in_(some))) if sid)
    return known


def _absent(session: Session, one: Lost) -> None:
    """Not there. The second time that means it never arrived."""
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == one.id, Delivery.attempts == one.attempt, Delivery.state == State.UNKNOWN)
        .with_for_update()
    ).one_or_none()
    if delivery is None:
        return
    delivery.looks += 1
    if delivery.looks < LOOKS:
        return
    delivery.lease_until, delivery.looks, delivery.sid = None, 0, None
    delivery.state = State.WAITING
    log.info("never_arrived", delivery=one.id)
