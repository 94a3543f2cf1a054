"""Who joins while an alert is live hears of it too: one copy more, never a second."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox import wake
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, BroadcastState
from bot.store.session import once_committed
from bot.subscriptions import audience


def add_copy(session: Session, broadcast: Broadcast, contact: Contact) -> Delivery | None:
    """This person's copy of a live broadcast; `None` if it is over, they cannot be reached, or they have one."""
    if broadcast.state is not BroadcastState.RELEASED or broadcast.expires_at <= now():
        return None
    if session.scalar(
        select(Delivery.id).where(Delivery.broadcast_id == broadcast.id, Delivery.contact_id == contact.id)
    ):
        return None
    copy = _copy_for(session, broadcast, contact)
    if copy is None:
        return None
    try:
        with session.begin_nested():
            session.add(copy)
    except IntegrityError:  # the planner came first
        return None
    once_committed(session, lambda: wake.senders(broadcast.lane))
    return copy


def _copy_for(session: Session, broadcast: Broadcast, contact: Contact) -> Delivery | None:
    """One person's copy, outside the slices; `None` if they cannot be told."""
    spoken = sorted({rendition.language for rendition in broadcast.renditions})
    at = audience.window_end()
    told = session.execute(
        select(audience.language_for(spoken), audience.channel_for(at)).where(
            Contact.id == contact.id, audience.reachable(at)
        )
    ).one_or_none()
    if told is None:
        return None
    language, channel = told
    rendition = next(
        (row for row in broadcast.renditions if (row.language, row.channel) == (language, Channel(channel))), None
    )
    if rendition is None:
        return None
    return Delivery(
        broadcast_id=broadcast.id,
        contact_id=contact.id,
        lane=broadcast.lane,
        channel=rendition.channel,
        language=language,
        segments=(contact.check_word and rendition.segments_with_word) or rendition.segments,
        state=State.WAITING,
        created_at=now(),
        expires_at=broadcast.expires_at,
    )
