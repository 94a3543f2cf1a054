"""How far has the carrier's own list been read? A cursor for each thing that is looked for on it; none goes back."""

import datetime as dt

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.outbox.models import ListedThrough
from bot.store.session import reading, writing


def through(what: str) -> dt.datetime | None:
    """Up to when everything is in; `None` where nothing was ever read."""
    with reading() as session:
        cursor = session.get(ListedThrough, what)
        return cursor.through if cursor else None


def move(what: str, to: dt.datetime) -> None:
    """Everything up to `to` is in."""
    before = through(what)
    if before is None:
        _begin(what, to)
    elif before < to:
        with writing() as session:
            session.execute(
                update(ListedThrough).where(ListedThrough.what == what, ListedThrough.through < to).values(through=to)
            )


def _begin(what: str, at: dt.datetime) -> None:
    try:
        with writing() as session:
            session.add(ListedThrough(what=what, through=at))
    except IntegrityError:  # another clock began in this very moment
        return
