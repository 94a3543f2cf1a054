"""How is good news of many copies written down? In one statement for all of them. The caller has locked their rows."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, bindparam, func, update
from sqlalchemy.orm import Session

from bot.outbox.models import Delivery, State

_TABLE: Any = Delivery.__table__
_TYPES = {
    "id": _TABLE.c.id.type,
    "sid": _TABLE.c.sid.type,
    "state": _TABLE.c.state.type,
    "at": _TABLE.c.handed_at.type,
    "final_at": _TABLE.c.final_at.type,
}


class Raise(NamedTuple):
    """One copy, and what is known of it now."""

    id: int
    sid: str
    state: State
    at: dt.datetime
    final_at: dt.datetime | None


def raise_all(session: Session, raises: Collection[Raise]) -> None:
    """Write them down, in order of id."""
    if not raises:
        return
    ordered = sorted(raises, key=lambda one: one.id)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        columns = zip(*ordered, strict=True)
        connection.execute(_ALL_AT_ONCE, dict(zip(_NAMES, map(list, columns), strict=True)))
    else:
        connection.execute(_ONE_EACH, [dict(zip(_NAMES, one, strict=True)) for one in ordered])
    session.expire_all()  # whoever holds one of them as an object reads it again


def _raised(new: Any) -> Any:
    return (
        update(_TABLE)
        .where(_TABLE.c.id == new["id"])
        .values(
            sid=new["sid"],
            state=new["state"],
            handed_at=func.coalesce(_TABLE.c.handed_at, new["at"]),
            final_at=new["final_at"],
            lease_until=None,
            failure=None,
        )
    )


_NAMES = [f"given_{name}" for name in _TYPES]  # a bind of a column's own name would be taken for a value to set
_ONE_EACH = _raised({name: bindparam(f"given_{name}", type_=kind) for name, kind in _TYPES.items()})
_ALL_AT_ONCE = _raised(
    func.unnest(*(bindparam(f"given_{name}", type_=ARRAY(kind)) for name, kind in _TYPES.items()))
    .table_valued(*_TYPES)
    .render_derived(name="new")
    .c
)
