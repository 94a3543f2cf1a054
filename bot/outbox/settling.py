"""What becomes of a copy that the carrier refused, or later says it could not deliver? The table of failures, carried out."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import aftermath, answers, diverting, reachable
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane

CARRIERS_ZONE = ZoneInfo("America/Los_Angeles")
"""T-Mobile's daily limits begin anew at midnight there, wherever we are (Twilio's error 30023)."""
BY_ANOTHER_WAY = ("landline", "not_a_mobile", "no_route", "unknown_number")
"""SMS does not get there; WhatsApp may, where the person wrote by it today."""

FOR_THE_CLIP = ("content_refused", "webhook_unanswered")
"""What the carrier says where it could not fetch a recording, or not pass it on."""

log = structlog.get_logger(__name__)


def settle(session: Session, delivery: Delivery, failure: Failure) -> None:
    """Do with this copy, and with its contact, what the failure says."""
    by_receipt = delivery.state is State.SENT
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    aftermath.note(session, failure, delivery, by_receipt=by_receipt)
    if delivery.clip is not None and failure.name in FOR_THE_CLIP:
        return _without_clip(delivery, failure)
    if contact is not None:
        reachable.note(session, contact, failure)
    _ACTS[failure.act](session, delivery, contact, failure)


def fail(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.failure, delivery.final_at, delivery.lease_until = State.FAILED, why, now(), None


def by_sms_instead(session: Session, delivery: Delivery, why: str) -> None:
    """WhatsApp does not carry it: once by SMS, in the same words, if there is a number and a text for it."""
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    if not _diverted(session, delivery, contact, Channel.SMS, why):
        fail(delivery, why)


def _give_up(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    fail(delivery, failure.name)


def _without_clip(delivery: Delivery, failure: Failure) -> None:
    """The words leave without it; a clip alone does not leave."""
    if delivery.is_clip_alone:
        return fail(delivery, failure.name)
    try:
        text = answers.rendered(delivery)
    except answers.WORDLESS as without:
        log.error("no_words", delivery=delivery.id, reason=type(without).__name__)
        return fail(delivery, "no_words")
    delivery.clip, delivery.segments = None, answers.cost(text, delivery.channel)
    _wait(delivery, failure, None)


def _again(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    """Later, and later still; once no other try is left, or none in time, what the table says then."""
    after = dt.timedelta(seconds=failure.after_seconds * 2**delivery.retries)
    worth_it = delivery.lane <= Lane.ALERT or not failure.urgent_only
    if worth_it and delivery.retries < failure.tries and now() + after < delivery.expires_at:
        delivery.retries += 1
        _wait(delivery, failure, now() + after)
        return
    if failure.name == "phone_off" and contact is not None:
        reachable.strike(session, contact, failure)
    if failure.then is Act.TO_SMS:
        _to_sms(session, delivery, contact, failure)
    else:
        fail(delivery, failure.name)


def _suppress(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    other_way = failure.name in BY_ANOTHER_WAY and delivery.channel is Channel.SMS
    if other_way and _diverted(session, delivery, contact, Channel.WHATSAPP, failure.name):
        return
    if contact is not None:
        reachable.suppress(contact, failure)
    fail(delivery, failure.name)


def _to_sms(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    """Whom only WhatsApp reaches waits for it, where it is WhatsApp that has to be mended."""
    if _diverted(session, delivery, contact, Channel.SMS, failure.name):
        return
    if failure.stops_sender and delivery.channel is Channel.WHATSAPP:
        _wait(delivery, failure, None)
    else:
        fail(delivery, failure.name)


def _tomorrow(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    midnight = carriers_midnight()
    if midnight < delivery.expires_at:
        _wait(delivery, failure, midnight)
    elif not _diverted(session, delivery, contact, Channel.WHATSAPP, failure.name):
        fail(delivery, failure.name)


def _hold(session: Session, delivery: Delivery, contact: Contact | None, failure: Failure) -> None:
    _wait(delivery, failure, None)


def carriers_midnight() -> dt.datetime:
    """When the carriers count anew."""
    there = now().astimezone(CARRIERS_ZONE)
    return dt.datetime.combine(there.date() + dt.timedelta(days=1), dt.time(), CARRIERS_ZONE).astimezone(dt.UTC)


def _diverted(session: Session, delivery: Delivery, contact: Contact | None, to: Channel, why: str) -> bool:
    try:
        return diverting.divert(session, delivery, contact, to, why)
    except answers.WORDLESS as without:
        # A receipt or a claim that raised here would come up again for ever, and hold up all those behind it.
        log.error("no_words", delivery=delivery.id, reason=type(without).__name__)
        fail(delivery, "no_words")
        return True


def _wait(delivery: Delivery, failure: Failure, until: dt.datetime | None) -> None:
    delivery.state, delivery.failure, delivery.lease_until = State.WAITING, failure.name, None
    delivery.not_before = until


_ACTS: dict[Act, Callable[[Session, Delivery, Contact | None, Failure], None]] = {
    Act.GIVE_UP: _give_up,
    Act.UNSUBSCRIBE: _give_up,
    Act.AGAIN: _again,
    Act.SUPPRESS: _suppress,
    Act.TO_SMS: _to_sms,
    Act.TOMORROW: _tomorrow,
    Act.HOLD: _hold,
}
