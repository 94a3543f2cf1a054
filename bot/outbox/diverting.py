"""Can a copy go by the person's other channel? One that its own does not carry, and urgent ones of a sender that stands still.

In the same words, as they were released for that channel. Whoever has no other way keeps waiting.
"""

from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, select, true, update
from sqlalchemy.orm import Session

from bot.channels.failures import BY_NAME, Act
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane, Rendition
from bot.outbox.pausing import Standing, standing
from bot.settings import settings
from bot.store.session import reading, writing

OTHER = {Channel.SMS: Channel.WHATSAPP, Channel.WHATSAPP: Channel.SMS}
URGENT = (Lane.CORRECTION, Lane.PAGE, Lane.ALERT)
"""Answers and notices keep waiting: they can, and two channels' worth of them would crowd the one that still works."""
MOST_AT_ONCE = 500
MOST_TO_WHATSAPP = 3
"""A copy that neither channel carries must not go to and fro for ever: its ways to WhatsApp count as tries."""

log = structlog.get_logger(__name__)


def divert(session: Session, delivery: Delivery, contact: Contact | None, to: Channel, why: str) -> bool:
    """This copy waits for the other channel now. False where that reaches nobody, or has no words for it.

    Raises one of `answers.WORDLESS` where an answer's words are gone.
    """
    if contact is None or delivery.channel is to or not reaches(contact, to):
        return False
    if to is Channel.WHATSAPP and delivery.retries >= MOST_TO_WHATSAPP:
        return False
    segments = _segments(session, delivery, to)
    if segments is None:
        return False
    delivery.channel, delivery.segments, delivery.failure, delivery.clip = to, segments, why, None
    delivery.state, delivery.lease_until, delivery.not_before = State.WAITING, None, None
    delivery.retries += _counts(to)
    session.flush()
    return True


def reaches(contact: Contact, channel: Channel) -> bool:
    """SMS needs a number that the carrier has not given up; WhatsApp its window."""
    if channel is Channel.SMS:
        return contact.has_number and contact.suppressed is None
    return contact.whatsapp_until is not None and contact.whatsapp_until > now()


def divert_waiting(of: Standing) -> int:
    """Urgent copies of a sender that stands still go the other way, some at a time; how many. Two at once share them."""
    to = OTHER[of.channel]
    if not _is_long_enough(of) or not _there_is_a_way(of.channel, to):
        return 0
    with writing() as session:
        found = _waiting(of.channel, to).order_by(Delivery.lane, Delivery.id).limit(MOST_AT_ONCE)
        rows = session.execute(found.with_for_update(of=Delivery, skip_locked=True)).all()
        diverted = _copies(session, [row.Delivery for row in rows], to, of.why)
        for delivery, contact in rows:
            if delivery.key is not None:
                diverted += _answer(session, delivery, contact, to, of.why)
    if diverted:
        log.warning("diverted", kind=of.channel.value, why=of.why, count=diverted)
    return diverted


def _waiting(channel: Channel, to: Channel) -> Select[Delivery, Contact]:
    return (
        select(Delivery, Contact)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            Delivery.state == State.WAITING,
            Delivery.channel == channel,
            Delivery.lane.in_(URGENT),
            Delivery.retries < MOST_TO_WHATSAPP if to is Channel.WHATSAPP else true(),
            _is_reached_by(to),
        )
    )


def _there_is_a_way(channel: Channel, to: Channel) -> bool:
    """Asked without the write lock: a sender may stand still for hours with nothing left to divert."""
    with reading() as session:
        if any(pause.channel is to for pause in standing(session)):
            return False
        return session.execute(_waiting(channel, to).limit(1)).first() is not None


def _counts(to: Channel) -> int:
    return int(to is Channel.WHATSAPP)


def _is_long_enough(of: Standing) -> bool:
    """A short rest is shorter than the way round: an SMS sender may be thirty times slower."""
    refusal = BY_NAME.get(of.why)
    mended_by_hand = refusal is not None and refusal.act in (Act.TO_SMS, Act.HOLD)
    return mended_by_hand or of.seconds >= settings().divert_after_seconds


def _is_reached_by(channel: Channel) -> ColumnElement[bool]:
    if channel is Channel.SMS:
        return Contact.has_number.is_(True)
    return Contact.whatsapp_until > now()


def _copies(session: Session, deliveries: list[Delivery], to: Channel, why: str) -> int:
    """Those of broadcasts, in one statement; a person whose language has no text for that channel keeps waiting."""
    fitting = _rendition(to)
    changed: Any = session.execute(
        update(Delivery)
        .where(Delivery.id.in_([one.id for one in deliveries if one.key is None]), fitting.exists())
        .values(
            channel=to,
            segments=fitting.scalar_subquery(),
            failure=why,
            not_before=None,
            retries=Delivery.retries + _counts(to),
        )
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)


def _rendition(to: Channel) -> Any:
    """What it costs there: a copy that carries its person's own word may take one more segment."""
    return select(planning.cost(Contact.check_word.is_not(None))).where(
        Contact.id == Delivery.contact_id,
        Rendition.broadcast_id == Delivery.broadcast_id,
        Rendition.language == Delivery.language,
        Rendition.channel == to,
    ).correlate(Delivery)  # fmt: skip


def _answer(session: Session, delivery: Delivery, contact: Contact, to: Channel, why: str) -> int:
    try:
        return divert(session, delivery, contact, to, why)
    except answers.WORDLESS as without:  # claiming it will settle it
        log.error("no_words", delivery=delivery.id, reason=type(without).__name__)
        return 0


def _segments(session: Session, delivery: Delivery, to: Channel) -> int | None:
    if delivery.is_clip_alone:
        return None  # its words find their own way
    if delivery.key is not None:
        text = answers.words(delivery.key, delivery.language, to, delivery.values or {})
        return answers.cost(text, to)
    return session.scalar(select(_rendition(to).scalar_subquery()).where(Delivery.id == delivery.id))
