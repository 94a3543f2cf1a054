"""Whose copies are there? One row per person, made by the database itself in slices, so that sending starts after the first.

The cursor stands on the broadcast and moves in the slice's own transaction: whoever dies in between, the next one goes on. One
statement for 100,000 people would hold SQLite's lock for 350 ms (facts/performance.md D); a slice of 5,000 holds it for 20.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel, Contact
from bot.outbox.models import Broadcast, BroadcastState, Delivery, Kind, Rendition, State
from bot.settings import settings
from bot.store.session import looking, writing
from bot.store.types import Moment
from bot.subscriptions import audience

NOT_RULED_OUT = (State.CLAIMED, State.UNKNOWN, State.HANDED, State.SENT, State.DELIVERED, State.READ)
"""Whose copy left, or may have: these hear the correction too, and so does anybody with a sid."""


_UNPLANNED = (
    select(Broadcast.id)
    .where(
        Broadcast.planned_at.is_(None),
        Broadcast.state == BroadcastState.RELEASED,
        Broadcast.lane.between(bindparam("from_lane"), bindparam("to_lane")),
        or_(Broadcast.not_before.is_(None), Broadcast.not_before <= bindparam("now", type_=Moment)),
    )
    .order_by(Broadcast.lane, Broadcast.id)
)


def unplanned(lanes: Sequence[int]) -> list[int]:
    """Released broadcasts whose people are not all planned, most urgent first."""
    with looking() as connection:
        asked = {"from_lane": min(lanes), "to_lane": max(lanes), "now": now()}
        return list(connection.scalars(_UNPLANNED, asked))


def plan(broadcast_id: int) -> None:
    """Every slice of a broadcast, each in a transaction of its own."""
    more = True
    while more:
        with writing() as session:
            more = plan_slice(session, broadcast_id)


def plan_next(lanes: Sequence[int]) -> bool:
    """One slice of the most urgent broadcast that needs one; False when none does."""
    waiting = unplanned(lanes)
    if not waiting:
        return False
    with writing() as session:
        plan_slice(session, waiting[0])
    return True


def plan_slice(session: Session, broadcast_id: int) -> bool:
    """The copies of the next `slice_size` people; True while there may be more."""
    broadcast = session.scalars(
        select(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if broadcast is None or broadcast.planned_at or broadcast.state is not BroadcastState.RELEASED:
        return False
    through = _end_of_slice(session, broadcast)
    if through is None or broadcast.expires_at <= now():
        broadcast.planned_at = now()
        return False
    _insert(session, _copies(broadcast, through, _earlier(session, broadcast.same_people_as)))
    broadcast.planned_through = through
    return True


def _end_of_slice(session: Session, broadcast: Broadcast) -> int | None:
    after, size = broadcast.planned_through, settings().slice_size
    if broadcast.same_people_as is None:
        return audience.end_of_slice(session, broadcast.neighborhoods, broadcast.aid, after, size)
    told = (
        select(Delivery.contact_id)
        .where(*_told_of(_earlier(session, broadcast.same_people_as)), Delivery.contact_id > after)
        .order_by(Delivery.contact_id)
        .limit(size)
    )
    last: int | None = session.scalar(select(func.max(told.subquery().c.contact_id)))
    return last


def _copies(broadcast: Broadcast, through: int, earlier: list[int]) -> Select[*tuple[Any, ...]]:
    """One row per person of the slice, in the columns of `_insert`."""
    who = _people(broadcast, through, earlier).subquery()
    return select(
        literal(broadcast.id),
        who.c.contact_id,
        literal(broadcast.lane),
        who.c.channel,
        who.c.language,
        Rendition.segments,
        literal(State.WAITING.value),
        literal(now(), Delivery.created_at.type),
        literal(broadcast.expires_at, Delivery.expires_at.type),
        literal(0),
        literal(0),
        literal(0),
    ).join(
        Rendition,
        and_(
            Rendition.broadcast_id == broadcast.id,
            Rendition.language == who.c.language,
            Rendition.channel == who.c.channel,
        ),
    ).where(who.c.contact_id > broadcast.planned_through).order_by(who.c.contact_id)  # fmt: skip


def _people(broadcast: Broadcast, through: int, earlier: list[int]) -> Select[*tuple[Any, ...]]:
    spoken = sorted({rendition.language for rendition in broadcast.renditions})
    after = broadcast.planned_through
    if broadcast.same_people_as is None:
        return audience.select_slice(broadcast.neighborhoods, broadcast.aid, spoken, after, through)
    at = audience.window_end()
    return (
        select(
            Delivery.contact_id.label("contact_id"),
            audience.language_for(spoken, Delivery.language).label("language"),
            audience.channel_for(at).label("channel"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            *_told_of(earlier),
            Delivery.contact_id > after,
            Delivery.contact_id <= through,
            audience.reachable(at),
        )
    )


def _earlier(session: Session, root: int | None) -> list[int]:
    """The alert it goes back to, and the updates of that: somebody who joined late may only have got the update."""
    updates = select(Broadcast.id).where(Broadcast.same_people_as == root, Broadcast.kind == Kind.UPDATE)
    return [] if root is None else [root, *session.scalars(updates)]


def _told_of(earlier: list[int]) -> tuple[Any, ...]:
    return (
        Delivery.broadcast_id == earlier[0] if len(earlier) == 1 else Delivery.broadcast_id.in_(earlier),
        or_(Delivery.state.in_(NOT_RULED_OUT), Delivery.sid.is_not(None)),
    )


def _insert(session: Session, copies: Select[*tuple[Any, ...]]) -> None:
    """A newcomer's copy may be there already; there is never a second."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    columns = (
        "broadcast_id", "contact_id", "lane", "channel", "language", "segments", "state", "created_at", "expires_at",
        "attempts", "retries", "looks",
    )  # fmt: skip
    session.execute(made(Delivery).from_select(columns, copies).on_conflict_do_nothing())


def copy_for(session: Session, broadcast: Broadcast, contact: Contact) -> Delivery | None:
    """One person's copy, outside the slices: for somebody who comes later. `None` if they cannot be told, or were."""
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
        segments=rendition.segments,
        state=State.WAITING,
        created_at=now(),
        expires_at=broadcast.expires_at,
    )
