"""What is wrong at the carrier that people have to mend, how often, and who sees to it? Said once an hour for each kind.

Some kinds are told from the first one on. Others (a text filtered as unwanted) happen to a few numbers always, and are told when
they are more than their share of a broadcast.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.channels.failures import Failure
from bot.clock import ago, now
from bot.contacts.models import Channel
from bot.outbox.carrier_models import Trouble
from bot.outbox.delivery_models import Delivery
from bot.people.models import Person
from bot.privacy import audit

SHOWN_HOURS = 24
"""What nobody has seen to by then is history: it happens again, or it is over."""
LATELY_DAYS, MOST_LISTED = 7, 20
MANY_ANSWERS = 10
"""Answers belong to no broadcast: so many in an hour are many."""

log = structlog.get_logger(__name__)


def note(session: Session, failure: Failure, channel: Channel, broadcasts: Collection[int | None], times: int) -> bool:
    """It happened so many times more, to copies of these broadcasts (`None`: to answers). True where that is news now."""
    row = _count(session, failure, channel, times)
    if row.shown or not (failure.tell or _is_too_often(session, failure, broadcasts, row.count, times)):
        return False
    row.shown = True
    log.error("carrier_trouble", failure=failure.name, kind=channel.value, count=row.count)
    return True


def unseen(session: Session) -> list[Trouble]:
    """What has to be looked at, the newest first."""
    return list(
        session.scalars(
            select(Trouble)
            .where(Trouble.shown, Trouble.seen_at.is_(None), Trouble.hour >= ago(hours=SHOWN_HOURS))
            .order_by(Trouble.last_at.desc(), Trouble.id.desc())
        )
    )


def seen_lately(session: Session) -> list[Trouble]:
    """What somebody sees to, the newest first."""
    recent = (
        select(Trouble)
        .where(Trouble.seen_at > ago(days=LATELY_DAYS))
        .order_by(Trouble.seen_at.desc())
        .limit(MOST_LISTED)
    )
    return list(session.scalars(recent))


def see(session: Session, trouble_id: int, person: Person) -> bool:
    """This person sees to it. False where somebody has already, or it is gone."""
    seen: Any = session.execute(
        update(Trouble)
        .where(Trouble.id == trouble_id, Trouble.shown, Trouble.seen_at.is_(None))
        .values(seen_by=person.id, seen_at=now())
    )
    if seen.rowcount:
        audit.record(session, "trouble.seen", f"trouble:{trouble_id}", person.id)
    return bool(seen.rowcount)


def _count(session: Session, failure: Failure, channel: Channel, times: int) -> Trouble:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(Trouble).values(
        hour=_hour(now()), what=failure.name, channel=channel, count=times, last_at=now(), shown=False
    )
    counted = made.on_conflict_do_update(
        index_elements=["hour", "what", "channel"],
        set_={"count": Trouble.count + times, "last_at": now()},
    ).returning(Trouble)
    found: Trouble = session.scalars(counted, execution_options={"populate_existing": True}).one()
    return found


def _hour(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _is_too_often(
    session: Session, failure: Failure, broadcasts: Collection[int | None], count: int, times: int
) -> bool:
    """More than its share of a broadcast. To weigh that means to count a whole one: asked at the 1st, 2nd, 4th, 8th ... only."""
    if None in broadcasts and count >= MANY_ANSWERS:
        return True
    if (count - times).bit_length() == count.bit_length():
        return False
    return any(_share(session, failure, id_) > failure.tell_share for id_ in broadcasts if id_ is not None)


def _share(session: Session, failure: Failure, broadcast_id: int) -> float:
    """How many of this broadcast's copies that left ended so."""
    left, so = session.execute(
        select(func.count(Delivery.handed_at), func.count().filter(Delivery.failure == failure.name)).where(
            Delivery.broadcast_id == broadcast_id
        )
    ).one()
    return so / left if left else 0.0
