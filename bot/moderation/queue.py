"""What should somebody look at first, and why? An order with its reasons in words; nothing is ever hidden.

`screen` is for a page: the first rows, with how many more there are, what is folded, and whether there is a surge. `waiting` is
all of it, or a part. Both cost a few questions to the database, whatever is open; `bot.moderation.ordering` says the order.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, selectinload

from bot.incidents.models import Incident
from bot.incidents.states import OPEN, IncidentState
from bot.moderation import brigades, by_phone, ordering
from bot.moderation.ordering import Conditions
from bot.reports import surge
from bot.reports.surge import Surge
from bot.settings import settings

S = IncidentState


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open incident and why it stands where it stands (`reasons`: catalog keys)."""

    incident: Incident
    reasons: tuple[str, ...]
    witnesses: int
    """Independent first-hand reports."""
    reports: int
    asked: int
    folded: bool
    """Only a brigade told of it: it stands behind all others, in the one line that opens."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the queue."""

    rows: list[QueueRow]
    total: int
    """Open incidents in line, on all pages; those in the fold not among them."""
    folded: int
    """Incidents in the fold: `waiting(session, folded=True, ...)` opens it."""
    folded_reports: int
    surge: Surge | None
    """More is told than usual: the banner, with its signs in words."""


def screen(
    session: Session,
    neighborhoods: Collection[str] | None = None,
    *,
    only: Conditions = (),
    folded: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> Screen:
    """A page of the queue, without what is folded (or that alone). `limit`: a screen (`QUEUE_SCREEN_ROWS`)."""
    limit = limit or settings().queue_screen_rows
    rows = waiting(session, neighborhoods, folded=folded, only=only, offset=offset, limit=limit)
    every, in_fold, folded_reports = session.execute(ordering.tally(neighborhoods, only)).one()
    return Screen(rows, every - in_fold, in_fold, folded_reports, surge.now(session))


def waiting(
    session: Session,
    neighborhoods: Collection[str] | None = None,
    *,
    folded: bool | None = None,
    only: Conditions = (),
    offset: int = 0,
    limit: int | None = None,
) -> list[QueueRow]:
    """Open incidents (of these neighborhoods), the most urgent first; of equals, the one that waits longest.

    `folded`: only those, or only the others. `only`: conditions on the incident. Without a `limit` all of them are loaded: a
    page asks for its part.
    """
    found = session.execute(
        ordering.in_order(neighborhoods, folded=folded, only=only).offset(offset).limit(limit)
    ).all()
    ids = [one.id for one in found] if limit is not None else None
    incidents, signs, called = _incidents(session, ids), brigades.signs(session, ids), by_phone.marked(session, ids)
    return [
        _row(incidents[one.id], one, (*signs.get(one.id, ()), *(("by_phone",) if one.id in called else ())))
        for one in found
        if one.id in incidents
    ]


def _incidents(session: Session, ids: list[int] | None) -> dict[int, Incident]:
    """With their areas. `None`: all that are open, which are too many to be named one by one."""
    wanted = Incident.state.in_(OPEN) if ids is None else Incident.id.in_(ids)
    return {
        one.id: one for one in session.scalars(select(Incident).where(wanted).options(selectinload(Incident.areas)))
    }


def _row(incident: Incident, line: Row[Any], signs: tuple[str, ...]) -> QueueRow:
    waits = incident.state is S.CONFIRMED and not line.told
    why = {
        "waits_for_release": waits,
        "stale": waits and not incident.was_seen_within(settings().finding_fresh_minutes),
        "disputed": incident.state is S.DISPUTED,
        "several": line.witnesses >= ordering.SEVERAL,
        "first_hand": line.witnesses == 1,
        "now": line.now > 0,
        "sensitive": incident.sensitive,
        "unclaimed": incident.state is S.UNCONFIRMED and not line.on_the_way,
        "on_the_way": line.on_the_way,
        "asked_only": not line.witnesses and not line.folded and bool(line.reports or line.asked),
        "told": line.told,
    }
    reasons = (*(name for name, holds in why.items() if holds), *signs)
    return QueueRow(
        incident=incident,
        reasons=tuple(f"pages.why_{name}" for name in reasons),
        witnesses=line.witnesses,
        reports=line.reports,
        asked=line.asked,
        folded=bool(line.folded),
    )
