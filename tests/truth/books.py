"""What does the database hold at this moment? Read row by row from the tables, past everything that decides by them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from bot.store.schema import metadata
from bot.store.session import looking

BY_ID = (
    "incident",
    "broadcast",
    "alert",
    "report",
    "claim",
    "page",
    "choice",
    "question",
    "finding",
    "confirmation",
    "contact",
    "person",
    "freeze",
)

Rows = dict[Any, Row[Any]]


@dataclass(frozen=True)
class Books:
    """One look at all that matters to the truth."""

    incident: Rows
    broadcast: Rows
    alert: Rows
    report: Rows
    claim: Rows
    page: Rows
    choice: Rows
    question: Rows
    finding: Rows
    confirmation: Rows
    contact: Rows
    person: Rows
    freeze: Rows
    release: Rows = field(default_factory=dict)
    """By its broadcast."""
    night_release: Rows = field(default_factory=dict)
    """The same."""
    words: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    """The renditions of each broadcast, by language and channel."""
    areas: dict[int, set[str]] = field(default_factory=dict)
    """The neighborhoods of each incident."""
    deliveries: tuple[Row[Any], ...] = ()
    """Those written since the last look."""
    subscribed: frozenset[tuple[str, int]] = frozenset()

    @property
    def is_frozen(self) -> bool:
        return any(row.thawed_at is None for row in self.freeze.values())


def read(after_delivery: int = 0) -> Books:
    """Everything, and of the deliveries those that are new."""
    tables = metadata().tables
    delivery, rendition, area, release = (
        tables[name] for name in ("delivery", "rendition", "incident_area", "release")
    )
    with looking() as connection:
        rows = {name: {row.id: row for row in connection.execute(select(tables[name]))} for name in BY_ID}
        words: dict[int, dict[tuple[str, str], str]] = {}
        for row in connection.execute(select(rendition)):
            words.setdefault(row.broadcast_id, {})[row.language, str(row.channel)] = row.text
        areas: dict[int, set[str]] = {}
        for row in connection.execute(select(area)):
            areas.setdefault(row.incident_id, set()).add(row.neighborhood)
        fresh = connection.execute(select(delivery).where(delivery.c.id > after_delivery).order_by(delivery.c.id))
        return Books(
            **rows,
            release={row.broadcast_id: row for row in connection.execute(select(release))},
            night_release={row.broadcast_id: row for row in connection.execute(select(tables["night_release"]))},
            words=words,
            areas=areas,
            deliveries=tuple(fresh),
            subscribed=frozenset(_subscribed(connection.execute(select(tables["subscription"])))),
        )


def _subscribed(rows: Iterable[Row[Any]]) -> Iterable[tuple[str, int]]:
    return ((row.subject, row.contact_id) for row in rows)
