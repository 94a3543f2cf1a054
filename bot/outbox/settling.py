"""What becomes of a copy that the carrier refused, or later says it could not deliver? The table of failures, carried out."""

import datetime as dt

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import answers
from bot.outbox.models import Delivery, Rendition, State

log = structlog.get_logger(__name__)


def settle(session: Session, delivery: Delivery, failure: Failure) -> None:
    """Do with this copy, and with its contact, what the failure says."""
    if failure.tell:
        log.error("carrier_trouble", failure=failure.name, delivery=delivery.id, broadcast=delivery.broadcast_id)
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    if contact is not None:
        _note(contact, failure)
    if failure.act is Act.TO_SMS:
        by_sms_instead(session, delivery, failure.name)
    elif failure.act is Act.HOLD:
        _wait(delivery, failure)
    elif failure.act is Act.AGAIN and delivery.retries < failure.tries and _in_time(delivery, failure):
        delivery.retries += 1
        _wait(delivery, failure)
    else:
        fail(delivery, failure.name)


def fail(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.failure, delivery.final_at, delivery.lease_until = State.FAILED, why, now(), None


def by_sms_instead(session: Session, delivery: Delivery, why: str) -> None:
    """WhatsApp does not carry it: once by SMS, in the same words, if there is a number and a text for it."""
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    try:
        segments = _sms_segments(session, delivery)
    except answers.WORDLESS as without:
        # A receipt or a claim that raised here would come up again for ever, and hold up all those behind it.
        log.error("no_words", delivery=delivery.id, reason=type(without).__name__)
        fail(delivery, "no_words")
        return
    if delivery.channel is not Channel.WHATSAPP or contact is None or not contact.has_number or segments is None:
        fail(delivery, why)
        return
    delivery.channel, delivery.segments, delivery.failure = Channel.SMS, segments, why
    delivery.state, delivery.lease_until, delivery.not_before = State.WAITING, None, None
    session.flush()


def _sms_segments(session: Session, delivery: Delivery) -> int | None:
    if delivery.key is not None:
        text = answers.words(delivery.key, delivery.language, Channel.SMS, delivery.values or {})
        return answers.cost(text, Channel.SMS)
    return session.scalar(
        select(Rendition.segments).where(
            Rendition.broadcast_id == delivery.broadcast_id,
            Rendition.language == delivery.language,
            Rendition.channel == Channel.SMS,
        )
    )


def _in_time(delivery: Delivery, failure: Failure) -> bool:
    return now() + dt.timedelta(seconds=failure.after_seconds) < delivery.expires_at


def _wait(delivery: Delivery, failure: Failure) -> None:
    delivery.state, delivery.failure, delivery.lease_until = State.WAITING, failure.name, None
    delivery.not_before = now() + dt.timedelta(seconds=failure.after_seconds)


def _note(contact: Contact, failure: Failure) -> None:
    """What the failure says of the number, for all copies to come."""
    if failure.act is Act.UNSUBSCRIBE:
        contact.stop()
    elif failure.act is Act.SUPPRESS:
        contact.suppressed = failure.name
        contact.strikes += 1
    elif failure.name in ("not_on_whatsapp", "outside_window"):
        contact.whatsapp_until = None
