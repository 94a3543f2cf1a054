"""In what order does the queue stand? One question to the database for any number of open incidents; nothing is loaded for it.

What waits for a second person, what is disputed, what several saw themselves and nobody is on the way to, then the rest. What
only a brigade told of comes last, to be folded. How often one number writes changes nothing.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, not_, or_, select

from bot.incidents.models import Incident, IncidentArea
from bot.incidents.states import OPEN, IncidentState
from bot.moderation.models import Claim, ClaimState
from bot.outbox.models import Kind, Release
from bot.reports.models import BRIGADE, Band, Report, ReportKind
from bot.settings import settings

S = IncidentState
SEVERAL = 2
Conditions = Sequence[ColumnElement[bool]]


def in_order(
    neighborhoods: Collection[str] | None = None, *, folded: bool | None = None, only: Conditions = ()
) -> Select[Any]:
    """`id, folded, told, on_the_way, witnesses, reports, asked, now` of every open incident, the most urgent first.

    `folded`: only those, or only the others. `only`: what else has to hold of the incident.
    """
    line = _line(neighborhoods, only).subquery("line")
    c = line.c
    wanted = () if folded is None else (c.folded,) if folded else (not_(c.folded),)
    shown = (c.id, c.folded, c.told, c.on_the_way, c.witnesses, c.reports, c.asked, c.now)
    return (
        select(*shown)
        .where(*wanted)
        .order_by(
            _as_number(c.told),
            *(_as_number(not_(condition)) for condition in _urgent(line)),
            _capped(c.weight).desc(),
            _as_number(c.now == 0),
            c.opened_at,
            c.id,
        )
    )


def _urgent(line: Subquery) -> Conditions:
    """What comes before what."""
    c = line.c
    waits = and_(c.state == S.CONFIRMED, not_(c.told))
    unclaimed = and_(c.state == S.UNCONFIRMED, not_(c.on_the_way))
    return waits, c.state == S.DISPUTED, not_(c.folded), c.witnesses >= SEVERAL, c.witnesses == 1, unclaimed


def tally(neighborhoods: Collection[str] | None = None, only: Conditions = ()) -> Select[Any]:
    """How many incidents stand in line and how many are folded, with the reports of those: one row."""
    line = _line(neighborhoods, only).subquery("line")
    folded = case((line.c.folded, 1), else_=0)
    return select(
        func.count(), func.coalesce(func.sum(folded), 0), func.coalesce(func.sum(folded * line.c.reports), 0)
    ).select_from(line)


def folded() -> Select[int]:
    """The ids of those that only a brigade told of."""
    line = _line(None, ()).subquery("line")
    return select(line.c.id).where(line.c.folded)


def _line(neighborhoods: Collection[str] | None, only: Conditions) -> Select[*tuple[Any, ...]]:
    told, held, seen = _told().subquery("told"), _held().subquery("held"), _reported().subquery("seen")
    found: Select[*tuple[Any, ...]] = (
        select(Incident.id, Incident.state, Incident.opened_at, *_standing(told, held, seen), *_counts(seen))
        .outerjoin(seen, seen.c.incident_id == Incident.id)
        .outerjoin(held, held.c.incident_id == Incident.id)
        .outerjoin(told, told.c.incident_id == Incident.id)
        .where(*_open(), *only)
    )
    if neighborhoods is not None:
        of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(neighborhoods))
        found = found.where(Incident.id.in_(of_these))
    return found


def _standing(told: Subquery, held: Subquery, seen: Subquery) -> tuple[ColumnElement[bool], ...]:
    """Whether it is folded, was told of, and somebody is on the way. Folded is what nobody but a brigade speaks for."""
    was_told, on_the_way = told.c.incident_id.is_not(None), held.c.incident_id.is_not(None)
    folded = and_(
        Incident.state == S.UNCONFIRMED,
        not_(on_the_way),
        not_(was_told),
        func.coalesce(seen.c.brigade, 0) > 0,
        seen.c.spoken == 0,
    )
    return folded.label("folded"), was_told.label("told"), on_the_way.label("on_the_way")


def _counts(seen: Subquery) -> tuple[ColumnElement[Any], ...]:
    """How many, where nobody may have told anything; and what their word weighs."""
    counted = tuple(func.coalesce(seen.c[name], 0).label(name) for name in ("witnesses", "reports", "asked", "now"))
    return *counted, func.coalesce(seen.c.weight, 0.0).label("weight")


def _held() -> Select[Any]:
    """To which somebody is on the way."""
    return select(Claim.incident_id).where(Claim.state == ClaimState.HELD).distinct()


def _reported() -> Select[*tuple[Any, ...]]:
    """What was told of each open incident, counted."""
    is_report = Report.kind == ReportKind.REPORT
    spoken = and_(is_report, Report.set_aside.is_(None))
    seen = and_(spoken, Report.first_hand.is_(True))
    counted: Select[*tuple[Any, ...]] = (
        select(
            Report.incident_id,
            _count(is_report).label("reports"),
            _count(Report.kind == ReportKind.RUMOR).label("asked"),
            _count(spoken).label("spoken"),
            _count(seen).label("witnesses"),
            _count(and_(seen, Report.time == "now")).label("now"),
            _count(Report.set_aside.in_(BRIGADE)).label("brigade"),
            func.sum(case((not_(seen), 0.0), else_=_weight())).label("weight"),
        )
        .join(Incident, Incident.id == Report.incident_id)
        .where(*_open())
        .group_by(Report.incident_id)
    )
    return counted


def _told() -> Select[Any]:
    """Of which an alert went out."""
    released = or_(Release.kind == Kind.ALERT, Release.kind == Kind.UPDATE)
    return select(Release.incident_id).where(released, Release.incident_id.is_not(None)).distinct()


def _open() -> tuple[ColumnElement[bool], ...]:
    return (Incident.state.in_(OPEN), Incident.merged_into.is_(None))


def _weight() -> ColumnElement[float]:
    """By what earlier reports of the same number were worth."""
    knobs = settings()
    return case(
        (Report.band == Band.KNOWN, knobs.known_reporter_weight),
        (Report.band == Band.OFTEN_MISTAKEN, knobs.mistaken_reporter_weight),
        else_=knobs.new_reporter_weight,
    )


def _capped(weight: ColumnElement[float]) -> ColumnElement[float]:
    enough = settings().weight_enough
    return case((weight > enough, enough), else_=weight)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_as_number(condition))


def _as_number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
