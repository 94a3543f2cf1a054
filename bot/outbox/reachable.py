"""What does a failure say of the person, for all copies to come? That they said STOP, or that their number cannot be reached.

Whoever writes to us can be reached again (`Contact.heard_on`), and after STOP whoever says START.
"""

import datetime as dt

import structlog
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Contact
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane
from bot.privacy.keys import KeyMissing
from bot.privacy.numbers import CannotOpen
from bot.settings import settings
from bot.subscriptions import consent
from bot.subscriptions.models import ConsentAct

ARRIVED = (State.DELIVERED, State.READ)
OFF_WHATSAPP = ("not_on_whatsapp", "outside_window")

log = structlog.get_logger(__name__)


def note(session: Session, contact: Contact, failure: Failure) -> None:
    """Write down what the failure says of this contact."""
    if failure.act is Act.UNSUBSCRIBE:
        unsubscribe(session, contact)
    elif failure.name in OFF_WHATSAPP:
        contact.whatsapp_until = None
    elif failure.name == "reply_loop":
        _rest(session, contact, failure.after_seconds)


def unsubscribe(session: Session, contact: Contact) -> None:
    """They told their carrier, or WhatsApp: a STOP like any other, in the ledger too. Once."""
    if contact.is_stopped:
        return
    contact.stop()
    try:
        consent.record(session, contact.address, contact, ConsentAct.STOPPED)
    except (CannotOpen, KeyMissing) as cannot:  # the STOP holds all the same
        log.error("stop_without_ledger", error_type=type(cannot).__name__)


def suppress(contact: Contact, failure: Failure) -> None:
    """Nothing is sent there until they write; they are counted among those an alert does not reach."""
    contact.suppressed = failure.name


def strike(session: Session, contact: Contact, failure: Failure) -> None:
    """The phone was off for all tries of one more copy. Too many, and none arrived all week: it is not only off."""
    arrived = or_(*(exists().where(theirs, Delivery.state.in_(ARRIVED)) for theirs in Delivery.of_contact(contact.id)))
    contact.strikes = 1 if session.scalar(select(arrived)) else contact.strikes + 1
    if contact.strikes >= settings().strikes_until_unreachable:
        suppress(contact, failure)


def _rest(session: Session, contact: Contact, seconds: float) -> None:
    """Twilio stops what looks like two machines answering each other; it wants this long without a reply to that number."""
    until = now() + dt.timedelta(seconds=seconds)
    replies = (
        select(Delivery.id)
        .where(
            Delivery.of_contact(contact.id)[0], Delivery.state == State.WAITING, Delivery.lane == Lane.REPLY,
            Delivery.not_before.is_(None) | (Delivery.not_before < until),
        )
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(list(session.scalars(replies))))
        .values(not_before=until)
        .execution_options(synchronize_session="fetch")
    )
