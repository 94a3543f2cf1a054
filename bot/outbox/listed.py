"""How far has the carrier's own list been read? A cursor for each thing that is looked for on it; none goes back."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox.carrier_models import ListedThrough
from bot.store.session import reading, writing


def through(what: str) -> dt.datetime | None:
    """Up to when everything is in; `None` where nothing was ever read."""
    with reading() as session:
        cursor = session.get(ListedThrough, what)
        return cursor.through if cursor else None


def move(what: str, to: dt.datetime) -> None:
    """Everything up to `to` is in."""
    if through(what) is None:
        _begin(what, to)
        return
    with writing() as session:
        session.execute(update(ListedThrough).where(ListedThrough.what == what).values(looked_at=now()))
        session.execute(
            update(ListedThrough).where(ListedThrough.what == what, ListedThrough.through < to).values(through=to)
        )


def last_looks(session: Session) -> dict[str, dt.datetime]:
    """When the list was last read to its end, for each that reads it."""
    read = select(ListedThrough.what, ListedThrough.looked_at).where(ListedThrough.looked_at.is_not(None))
    return {what: looked_at for what, looked_at in session.execute(read) if looked_at}


def _begin(what: str, at: dt.datetime) -> None:
    try:
        with writing() as session:
            session.add(ListedThrough(what=what, through=at, looked_at=now()))
    except IntegrityError:  # another clock began in this very moment
        return
