"""Who joins while an alert is live hears of it too: one copy more, never a second."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Contact
from bot.outbox import wake
from bot.outbox.models import Broadcast, BroadcastState, Delivery
from bot.outbox.planning import copy_for
from bot.store.session import once_committed


def add_copy(session: Session, broadcast: Broadcast, contact: Contact) -> Delivery | None:
    """This person's copy of a live broadcast; `None` if it is over, they cannot be reached, or they have one."""
    if broadcast.state is not BroadcastState.RELEASED or broadcast.expires_at <= now():
        return None
    if session.scalar(
        select(Delivery.id).where(Delivery.broadcast_id == broadcast.id, Delivery.contact_id == contact.id)
    ):
        return None
    copy = copy_for(session, broadcast, contact)
    if copy is None:
        return None
    try:
        with session.begin_nested():
            session.add(copy)
    except IntegrityError:  # the planner came first
        return None
    once_committed(session, lambda: wake.senders(broadcast.lane))
    return copy
