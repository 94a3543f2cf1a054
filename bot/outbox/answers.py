"""How is one person answered? A row like any other copy: kept as key and values, in words only when it leaves."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import segments
from bot.clock import ahead, now
from bot.contacts.models import Channel, Contact
from bot.outbox import clips, own_words, pacing, pausing, released_only, samples, wake
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.rights import sayings
from bot.store.at_once import insert_all_at_once
from bot.store.session import once_committed
from messages import catalog

UNTIL_WE_KNOW = "es"
"""The language of a person who has not told us theirs."""
SHARED = (
    "contact_id", "lane", "channel", "language", "key", "values", "reason", "state", "created_at", "not_before", "expires_at",
)  # fmt: skip
"""What an answer and the clip that follows it have in common."""
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
    made = in_full(
        contact, key, reason=reason, lane=lane, language=language, minutes=minutes, not_before=not_before, **values
    )
    session.add_all(made)
    once_committed(session, lambda: _wake(made))
    return made[0]


def in_full(contact: Contact, key: str, **how: Any) -> list[Delivery]:
    """As `compose`; and behind it, where no message carries both, the clip that goes with these words."""
    made = compose(contact, key, **how)
    name = clips.for_answer(contact, key, made.channel) if made.channel is Channel.WHATSAPP else None
    return [made, _clip_alone(made, name)] if name else [made]


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
    if key == own_words.KEY and reason is not Reason.RELAY:
        raise ValueError("a volunteer's own words leave for one reason only")
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
        clip=clips.for_answer(contact, key, channel) if channel is Channel.SMS else None,
    )
    made.segments = cost(rendered(made), channel, made.clip)
    return made


def _clip_alone(words: Delivery, name: str) -> Delivery:
    """To the same person, for the same reason, in the same time."""
    return Delivery(clip=name, segments=1, **{column: getattr(words, column) for column in SHARED})


def write_down(session: Session, composed: Sequence[Delivery]) -> None:
    """What was composed is to leave."""
    insert_all_at_once(session, composed)
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
    """The words of an answer, as its channel carries them; none where only the clip leaves."""
    if delivery.key is None:
        raise ValueError("a copy of a broadcast has its words in a rendition")
    if delivery.is_clip_alone:
        return ""
    return words(delivery.key, delivery.language, delivery.channel, delivery.values or {})


def words(key: str, language: str, channel: Channel, values: dict[str, object]) -> str:
    """An answer's text by its parts: a catalog text, part of a rights answer, a sample; never a broadcast's sentence."""
    if key in released_only.KEYS:
        raise LookupError("leaves only in a released broadcast")
    if key == own_words.KEY:
        own_words.must_pass(language, values)
    said = _said(key, language, values)
    return segments.for_sms(said, language) if channel is Channel.SMS else said


def _said(key: str, language: str, values: dict[str, object]) -> str:
    if key.startswith(samples.SAMPLE):
        return samples.said(key, language)
    return sayings.said(key, language) if key.startswith(sayings.TOPIC) else catalog.text(key, language, **values)


def cost(text: str, channel: Channel, clip: str | None = None) -> int:
    """Segments on the air; an MMS takes as much of the pace as its own limit says, and WhatsApp counts messages."""
    if channel is Channel.WHATSAPP:
        return 1
    return pacing.segments_of_mms() if clip else segments.measure(text).segments


def room_now(channel: Channel) -> bool:
    """Whether an answer may leave this instant; its first segment is then taken.

    Asked before anything is locked: while Redis hangs, and while it only takes its time, nobody else should wait for it.
    """
    return pausing.takes_answers(channel) and pacing.take_now(1, channel)


def room_for(channel: Channel, count: int) -> list[float]:
    """When (`time.monotonic`) each of so many answers may leave in a response: as many as find room soon.

    Their first segments are taken then. Asked before anything is locked, as above.
    """
    return pacing.take_soon(count, channel) if pausing.takes_answers(channel) else []


def leave_as_twiml(session: Session, deliveries: list[Delivery], room: bool | None = None) -> list[str]:
    """These answers leave in the reply to the webhook itself, where the pace has room; else none does, and they go by lane.

    `room`: what `room_now` said of their channel; asked now, if it was not. A clip goes by lane always: what leaves in a response
    has no sid, and if the carrier cannot fetch the clip the words need a second way.
    """
    due = [delivery for delivery in deliveries if _is_due(delivery)]
    if not due or len({delivery.channel for delivery in due}) != 1:
        return []
    channel, segments = due[0].channel, sum(delivery.segments for delivery in due)
    if not (room_now(channel) if room is None else room):
        return []
    once_committed(session, lambda: pacing.take_rest(segments - 1, channel))
    for delivery in due:
        delivery.state, delivery.handed_at, delivery.attempts = State.HANDED, now(), 1
    return [rendered(delivery) for delivery in due]


def _is_due(delivery: Delivery) -> bool:
    return delivery.state is State.WAITING and delivery.not_before is None and delivery.clip is None
