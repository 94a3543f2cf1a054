"""May this copy leave right now? Asked in the claim itself, and again right before it begins (promises 1, 4 and 5)."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from bot.contacts.models import Channel, Contact
from bot.outbox.models import Broadcast, BroadcastState, Delivery, Reason


def columns() -> Select[*tuple[Any, ...]]:
    """What `why_not` asks of a copy, and what its text needs."""
    return (
        select(
            Delivery.id, Delivery.attempts, _plain(Delivery.state), Delivery.broadcast_id, Delivery.contact_id,
            Delivery.lane, _plain(Delivery.channel), Delivery.language, Delivery.segments, Delivery.key,
            Delivery.values, Delivery.reason, Delivery.created_at, Delivery.expires_at,
            Contact.locked, Contact.sealed, Contact.tag, Contact.stopped_at, Contact.suppressed, Contact.has_number,
            Contact.whatsapp_until, _plain(Broadcast.state, "broadcast_state"), _plain(Broadcast.kind),
        )
        .outerjoin(Contact, Contact.id == Delivery.contact_id)
        .outerjoin(Broadcast, Broadcast.id == Delivery.broadcast_id)
    )  # fmt: skip


def _plain(column: InstrumentedAttribute[Any], name: str = "") -> ColumnElement[str]:
    """A word as it is stored: as an enum's member it would cost as much as all else of the row (a third of the CPU)."""
    return type_coerce(column, String).label(name or column.key)


def why_not(row: Row[*tuple[Any, ...]], moment: dt.datetime) -> str | None:
    """Why this copy must not leave now, if it must not."""
    if row.contact_id is None:
        return "forgotten"
    if row.expires_at <= moment:
        return "expired"
    if row.stopped_at is not None and not _answers_what_came_after(row):
        return "stopped"
    if row.suppressed is not None:
        return "unreachable"
    if row.broadcast_id is not None and row.broadcast_state != BroadcastState.RELEASED:
        return "halted"
    if row.channel == Channel.WHATSAPP:
        return None if row.whatsapp_until is not None and row.whatsapp_until > moment else "outside_window"
    return None if row.has_number else "unreachable"


def _answers_what_came_after(row: Row[*tuple[Any, ...]]) -> bool:
    """Whoever writes after their STOP is answered. What was written before it has no business leaving after it."""
    return bool(row.reason == Reason.WROTE_TO_US and row.created_at >= row.stopped_at)
