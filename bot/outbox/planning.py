"""Whose copies are there? One row per person, made by the database itself in slices, so that sending starts after the first.

The cursor stands on the broadcast and moves in the slice's own transaction: whoever dies in between, the next one goes on. One
statement for 100,000 people would hold SQLite's lock for 350 ms; a slice of 5,000 holds it for 20.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Insert, Select, SmallInteger, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Contact
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, BroadcastState, Kind, Rendition
from bot.settings import settings
from bot.store.session import looking, writing
from bot.store.types import BigId, Moment
from bot.subscriptions import audience

NOT_RULED_OUT = (State.CLAIMED, State.UNKNOWN, State.HANDED, State.SENT, State.DELIVERED, State.READ)
"""Whose copy left, or may have: these hear the correction too, and so does anybody with a sid."""
AFTER, THROUGH, SIZE = (
    bindparam("after", type_=BigId),
    bindparam("through", type_=BigId),
    bindparam("size", type_=BigId),
)
WINDOW_END = bindparam("window_end", type_=Moment)
LAST_ID = 2**62
"""Behind everybody."""


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
    if not broadcast.neighborhoods and broadcast.same_people_as is None:  # by a hand in the database: for nobody
        broadcast.planned_at = now()
        return False
    statements = _statements(_whom(session, broadcast), session.get_bind().dialect.name)
    asked = {
        "broadcast": broadcast.id, "lane": broadcast.lane, "expires_at": broadcast.expires_at, "now": now(),
        "window_end": audience.window_end(), "after": broadcast.planned_through, "size": settings().slice_size,
    }  # fmt: skip
    through = session.scalar(statements.end, asked)
    if through is None or broadcast.expires_at <= now():
        broadcast.planned_at = now()
        return False
    session.connection().execute(statements.copies, {**asked, "through": through})
    broadcast.planned_through = through
    return True


def whom(session: Session, broadcast: Broadcast) -> Select[*tuple[Any, ...]]:
    """(contact_id, language, channel) of everybody who would get a copy now: for those who count them, not for planning."""
    everybody = {"after": 0, "through": LAST_ID, "window_end": audience.window_end()}
    return _people(_whom(session, broadcast)).params(everybody)


def asked(session: Session, broadcast: Broadcast) -> int:
    """How many asked to hear it, or were told what it goes back to, and have not said STOP; a channel to them or none."""
    meant = _whom(session, broadcast)
    told = Contact.id.in_(select(Delivery.contact_id).where(*_told_of(meant.earlier))) if meant.earlier else None
    theirs = audience.asked(meant.neighborhoods, meant.aid) if told is None else told
    return session.scalar(select(func.count()).select_from(Contact).where(theirs, Contact.stopped_at.is_(None))) or 0


class _Whom(NamedTuple):
    """What the statements of a broadcast's slices depend on."""

    neighborhoods: tuple[str, ...]
    aid: str | None
    earlier: tuple[int, ...]
    """Said to everyone who was told these; then the places do not count."""
    spoken: tuple[str, ...]


def _whom(session: Session, broadcast: Broadcast) -> _Whom:
    spoken = tuple(sorted({rendition.language for rendition in broadcast.renditions}))
    earlier = tuple(_earlier(session, broadcast.same_people_as))
    return _Whom(tuple(sorted(broadcast.neighborhoods)), broadcast.aid, earlier, spoken)


class _Statements(NamedTuple):
    """Where the next slice ends, and its copies."""

    end: Select[int | None]
    copies: Insert


@lru_cache(maxsize=16)
def _statements(whom: _Whom, dialect: str) -> _Statements:
    """Made once for all slices: to make them anew took a fifth of planning."""
    who = _people(whom).subquery()
    copies = select(
        bindparam("broadcast", type_=BigId),
        who.c.contact_id,
        bindparam("lane", type_=SmallInteger),
        who.c.channel,
        who.c.language,
        cost(who.c.worded),
        literal(State.WAITING.value),
        bindparam("now", type_=Moment),
        bindparam("expires_at", type_=Moment),
        literal(0),
        literal(0),
        literal(0),
    ).join(
        Rendition,
        and_(
            Rendition.broadcast_id == bindparam("broadcast", type_=BigId),
            Rendition.language == who.c.language,
            Rendition.channel == who.c.channel,
        ),
    ).where(who.c.contact_id > AFTER).order_by(who.c.contact_id)  # fmt: skip
    return _Statements(_end_of_slice(whom), _insert(dialect, copies))


def cost(worded: ColumnElement[bool]) -> ColumnElement[int]:
    """In segments; a copy that carries its person's own word may take one more."""
    return case((worded, func.coalesce(Rendition.segments_with_word, Rendition.segments)), else_=Rendition.segments)


def _end_of_slice(whom: _Whom) -> Select[int | None]:
    if not whom.earlier:
        return audience.end_of_slice(whom.neighborhoods, whom.aid, AFTER, SIZE)
    told = (
        select(Delivery.contact_id)
        .where(*_told_of(whom.earlier), Delivery.contact_id > AFTER)
        .order_by(Delivery.contact_id)
        .limit(SIZE)
    )
    return select(func.max(told.subquery().c.contact_id))


def _people(whom: _Whom) -> Select[*tuple[Any, ...]]:
    if not whom.earlier:
        return audience.select_slice(whom.neighborhoods, whom.aid, whom.spoken, AFTER, THROUGH, WINDOW_END)
    return (
        select(
            Delivery.contact_id.label("contact_id"),
            audience.language_for(whom.spoken, Delivery.language).label("language"),
            audience.channel_for(WINDOW_END).label("channel"),
            audience.WORDED,
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            *_told_of(whom.earlier),
            Delivery.contact_id > AFTER,
            Delivery.contact_id <= THROUGH,
            audience.reachable(WINDOW_END),
        )
    )


def _earlier(session: Session, root: int | None) -> list[int]:
    """The alert it goes back to, and the updates of that: somebody who joined late may only have got the update."""
    updates = select(Broadcast.id).where(Broadcast.same_people_as == root, Broadcast.kind == Kind.UPDATE)
    return [] if root is None else [root, *session.scalars(updates)]


def _told_of(earlier: Sequence[int]) -> tuple[Any, ...]:
    return (
        Delivery.broadcast_id == earlier[0] if len(earlier) == 1 else Delivery.broadcast_id.in_(earlier),
        or_(Delivery.state.in_(NOT_RULED_OUT), Delivery.sid.is_not(None)),
    )


def _insert(dialect: str, copies: Select[*tuple[Any, ...]]) -> Insert:
    """A newcomer's copy may be there already; there is never a second."""
    made = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = (
        "broadcast_id", "contact_id", "lane", "channel", "language", "segments", "state", "created_at", "expires_at",
        "attempts", "retries", "looks",
    )  # fmt: skip
    table: Any = Delivery.__table__
    return made(table).from_select(columns, copies, include_defaults=False).on_conflict_do_nothing()
