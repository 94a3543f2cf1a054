"""How are new rows written down at once, for the table alone? As `add` and `flush` would, in half the time.

For what each text writes while it holds SQLite's one lock: the ORM's unit of work looks through all it knows, for one row.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session, make_transient_to_detached

from bot.store.types import Base


def insert_at_once(session: Session, row: Base) -> None:
    """Write an object that is in no session, with the attributes it was given. It gets its `id`, and is not followed further."""
    written = session.connection().execute(_into(type(row)), _values(row))
    for name, value in zip(("id",), written.inserted_primary_key or (), strict=True):
        setattr(row, name, value)


def insert_all_at_once(session: Session, rows: Sequence[Base]) -> None:
    """Write down many of one kind. They get no `id`."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        values = _values(row)
        alike.setdefault(tuple(values), []).append(values)
    for several in alike.values():
        session.connection().execute(_into(type(rows[0])), several)


def follow(session: Session, row: Base) -> None:
    """From here on the session knows the row that was written, and writes down what becomes of it."""
    make_transient_to_detached(row)
    session.add(row)


def _values(row: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_sa_instance_state"}


@cache
def _into(kind: type[Base]) -> Insert:
    return insert(kind.metadata.tables[kind.__tablename__])
