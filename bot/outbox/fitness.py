"""May this copy leave right now? Asked by the database in the claim, and again right before it begins (promises 1, 4, 5)."""

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, null, or_, select
from sqlalchemy.sql.selectable import Join

from bot.contacts.models import Channel, Contact
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.freezing import LEAVES_FROZEN
from bot.outbox.models import Broadcast, BroadcastState
from bot.store.types import Moment

NOW = bindparam("now", type_=Moment)
COPY, PERSON, BROADCAST = Delivery.__table__.c, Contact.__table__.c, Broadcast.__table__.c


def copies() -> Join:
    """Each copy, with the person and the broadcast it belongs to."""
    return Delivery.__table__.outerjoin(Contact.__table__, PERSON.id == COPY.contact_id).outerjoin(
        Broadcast.__table__, BROADCAST.id == COPY.broadcast_id
    )


def why_not() -> ColumnElement[str | None]:
    """Why this copy must not leave now; null where it may."""
    return case(
        (PERSON.id.is_(None), "forgotten"),
        (or_(COPY.expires_at <= NOW, BROADCAST.expires_at <= NOW), "expired"),
        (and_(PERSON.stopped_at.is_not(None), ~_answers_what_came_after()), "stopped"),
        (PERSON.suppressed.is_not(None), "unreachable"),
        (and_(COPY.broadcast_id.is_not(None), BROADCAST.state != BroadcastState.RELEASED), "halted"),
        (and_(COPY.channel == Channel.WHATSAPP, PERSON.whatsapp_until > NOW), null()),
        (COPY.channel == Channel.WHATSAPP, "outside_window"),
        (PERSON.has_number.is_(False), "unreachable"),
        else_=null(),
    ).label("why")


def _answers_what_came_after() -> ColumnElement[bool]:
    """Whoever writes after their STOP is answered. What was written before it has no business leaving after it."""
    return and_(COPY.reason.is_not(None), COPY.reason == Reason.WROTE_TO_US, COPY.created_at >= PERSON.stopped_at)


def leaves_frozen() -> ColumnElement[bool]:
    """Whether it would leave while sending is frozen."""
    return or_(COPY.broadcast_id.is_(None), BROADCAST.kind.in_(LEAVES_FROZEN))


def chosen(*more: ColumnElement[object]) -> Select[tuple[object, ...]]:
    """Copies with what is asked of each before it leaves."""
    return select(COPY.id, COPY.attempts, COPY.broadcast_id, why_not(), *more).select_from(copies())
