"""How is good news of many copies written down? All of it at once. The caller has locked their rows."""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Any, NamedTuple

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from bot.outbox.delivery_models import Delivery, State
from bot.store.many import ForEach

_TABLE: Any = Delivery.__table__


class Raise(NamedTuple):
    """One copy, and what is known of it now."""

    id: int
    state: State
    final_at: dt.datetime | None
    sid: str
    at: dt.datetime


def raise_all(session: Session, news: Iterable[Raise], known: Container[str]) -> None:
    """Write them down, in order of id. Sids that are not among the `known` ones are written down with them."""
    ordered = sorted(news, key=lambda one: one.id)
    if not ordered:
        return
    session.flush()
    connection = session.connection()
    _KNOWN.run(connection, [(one.id, one.state, one.final_at) for one in ordered if one.sid in known])
    _MET.run(connection, [one for one in ordered if one.sid not in known])
    session.expire_all()  # whoever holds one of them as an object reads it again


def _news(given: Any) -> Any:
    return (
        update(_TABLE)
        .where(_TABLE.c.id == given["id"])
        .values(state=given["state"], final_at=given["final_at"], lease_until=None, failure=None)
    )


_TYPES = {"id": _TABLE.c.id.type, "state": _TABLE.c.state.type, "final_at": _TABLE.c.final_at.type}
_KNOWN = ForEach(_TYPES, _news)  # to write a sid anew that is there would cost as much again, for its index
_MET = ForEach(
    _TYPES | {"sid": _TABLE.c.sid.type, "at": _TABLE.c.handed_at.type},
    lambda given: _news(given).values(sid=given["sid"], handed_at=func.coalesce(_TABLE.c.handed_at, given["at"])),
)
