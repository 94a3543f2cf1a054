"""How is one person answered? A row like any other copy: kept as key and values, in words only when it leaves."""

import datetime as dt
import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.channels import segments
from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact
from bot.outbox import pacing, pausing, released_only, wake
from bot.outbox.models import Delivery, Lane, Reason, State
from bot.rights import sayings
from bot.store.at_once import insert_at_once
from bot.store.session import once_committed
from messages import catalog

UNTIL_WE_KNOW = "es"
"""The language of a person who has not told us theirs."""
WORDLESS = (LookupError, ValueError, TypeError)
"""How it shows that a row has no words: not released, a key the catalog lost, values that do not fit."""


def answer(
    session: Session,
    contact: Contact,
    key: str,
    *,
    reason: Reason,
    lane: Lane = Lane.REPLY,
    language: str | None = None,
    minutes: float = 60,
    not_before: dt.datetime | None = None,
    **values: object,
) -> Delivery:
    """One message to one contact, to leave within `minutes`. The text must exist, with all its values, now."""
    made = compose(
        contact, key, reason=reason, lane=lane, language=language, minutes=minutes, not_before=not_before, **values
    )
    session.add(made)
    once_committed(session, lambda: _wake([made]))
    return made


def compose(
    contact: Contact,
    key: str,
    *,
    reason: Reason,
    lane: Lane = Lane.REPLY,
    language: str | None = None,
    minutes: float = 60,
    not_before: dt.datetime | None = None,
    **values: object,
) -> Delivery:
    """The same, written down nowhere yet (`write_down`)."""
    channel = reachable_by(contact)
    made = Delivery(
        contact_id=contact.id,
        lane=int(lane),
        channel=channel,
        language=language or contact.language or UNTIL_WE_KNOW,
        key=key,
        values=json.loads(json.dumps(values)),
        reason=reason.value,
        state=State.WAITING,
        created_at=now(),
        not_before=not_before,
        expires_at=(not_before or now()) + dt.timedelta(minutes=minutes),
    )
    made.segments = cost(rendered(made), channel)
    return made


def write_down(session: Session, composed: Sequence[Delivery]) -> None:
    """What was composed is to leave."""
    for made in composed:
        insert_at_once(session, made)
    once_committed(session, lambda: _wake(composed))


def _wake(written: Sequence[Delivery]) -> None:
    """Not for what already left as TwiML, nor for what is to wait."""
    for lane in {made.lane for made in written if made.state is State.WAITING and made.not_before is None}:
        wake.senders(lane)


def reachable_by(contact: Contact) -> Channel:
    """Where they write, but WhatsApp only inside its window (error 63016 after it)."""
    open_window = contact.whatsapp_until is not None and contact.whatsapp_until > ahead(minutes=1)
    if contact.channel is Channel.WHATSAPP and (open_window or not contact.has_number):
        return Channel.WHATSAPP
    return Channel.SMS


def rendered(delivery: Delivery) -> str:
    """The words of an answer, as its channel carries them."""
    if delivery.key is None:
        raise ValueError("a copy of a broadcast has its words in a rendition")
    return words(delivery.key, delivery.language, delivery.channel, delivery.values or {})


def words(key: str, language: str, channel: Channel, values: dict[str, object]) -> str:
    """An answer's text by its parts: a catalog text, or a part of a know-your-rights answer; never a broadcast's sentence."""
    if key in released_only.KEYS:
        raise LookupError("leaves only in a released broadcast")
    said = sayings.said(key, language) if key.startswith(sayings.TOPIC) else catalog.text(key, language, **values)
    return segments.for_sms(said, language) if channel is Channel.SMS else said


def cost(text: str, channel: Channel) -> int:
    """Segments on the air; WhatsApp counts messages."""
    return segments.measure(text).segments if channel is Channel.SMS else 1


def room_now(channel: Channel) -> bool:
    """Whether an answer may leave this instant; its first segment is then taken.

    Asked before anything is locked: while Redis hangs, and while it only takes its time, nobody else should wait for it.
    """
    return pausing.takes_answers(channel) and pacing.take_now(1, channel)


def leave_as_twiml(session: Session, deliveries: list[Delivery], room: bool | None = None) -> list[str]:
    """These answers leave in the reply to the webhook itself, where the pace has room; else none does, and they go by lane.

    `room`: what `room_now` said of their channel; asked now, if it was not.
    """
    due = [delivery for delivery in deliveries if delivery.state is State.WAITING and delivery.not_before is None]
    if not due or len({delivery.channel for delivery in due}) != 1:
        return []
    channel, segments = due[0].channel, sum(delivery.segments for delivery in due)
    if not (room_now(channel) if room is None else room):
        return []
    once_committed(session, lambda: pacing.take_rest(segments - 1, channel))
    for delivery in due:
        delivery.state, delivery.handed_at, delivery.attempts = State.HANDED, now(), 1
    return [rendered(delivery) for delivery in due]
