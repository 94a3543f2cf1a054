"""Which of the incidents that are open around here does this report tell of, by what was seen?"""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.opening import Spot
from bot.incidents.states import OPEN, REOPENED_BY_A_REPORT, IncidentState
from bot.reports import salute
from bot.reports.likeness import likeness, same_cars
from bot.reports.models import Report, ReportKind
from bot.reports.spots import streets_named, within
from bot.settings import settings

SAME_NAME = 0.4
"""Both named only the neighborhood: a little speaks for their telling of one thing."""
SAME_STREET = 3.0
"""So much speaks for it where the one street that was named is one of the incident's, and as much against it where it is none."""
MOST_COMPARED = 40
ENOUGH_REPORTS = 15
"""So many incidents, and so many reports of each, are compared by what was seen."""


def lately(session: Session, spot: Spot, where: ColumnElement[bool], most: int | None = None) -> list[Incident]:
    """What was told of lately in its neighborhoods, the last one first."""
    of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(spot.neighborhoods))
    recent = (
        select(Incident)
        .where(
            Incident.last_report_at > ago(minutes=settings().match_window_minutes),
            Incident.state.in_((*OPEN, *REOPENED_BY_A_REPORT, IncidentState.MERGED)),
            Incident.id.in_(of_these),
            where,
        )
        .order_by(Incident.last_report_at.desc(), Incident.id.desc())
    )
    return list(session.scalars(recent.limit(most)))


def most_alike(session: Session, report: Report, spot: Spot, own: Incident | None) -> Incident | None:
    """A neighborhood's name fits what is open there, and a corner fits a report that named only the neighborhood.

    Of several, the one that tells of the same thing; where that cannot be told, those who named no corner stay together.
    """
    fitting = Incident.state.in_(OPEN) if spot.is_area else Incident.state.in_(OPEN) & Incident.latitude.is_(None)
    loose = lately(session, spot, fitting, MOST_COMPARED)
    if not loose:
        return own
    alike = likeness(report, _told_of(session, loose))
    ranked = sorted(loose, key=lambda one: _fits(report, spot, one, alike), reverse=True)
    lead, second = (_fits(report, spot, one, alike) for one in (ranked * 2)[:2])
    clear = len(ranked) == 1 or lead - second >= settings().match_lead
    return ranked[0] if clear and lead >= settings().match_least else own


def moved_here(session: Session, report: Report, spot: Spot) -> Incident | None:
    """Whoever was seen a few streets off in the same cars, and by other signs too; or this text says that they moved on, and
    more speaks for it than chance. Vests and "about five" are alike anywhere: two things taken for one send everybody to one
    corner. Nobody may be on the way there yet: they would look in vain.
    """
    if spot.latitude is None:
        return None
    waiting = Incident.state == IncidentState.UNCONFIRMED
    around = lately(session, spot, waiting & within(spot, settings().moved_meters), MOST_COMPARED)
    said = bool(around) and salute.moved_on(report.text)
    told = {number: told for number, told in _told_of(session, around).items() if said or same_cars(report, told)}
    alike = likeness(report, told, by_words=False)
    best = max(alike, key=lambda number: alike[number], default=None)
    if best is None or alike[best] < (settings().said_moved_least if said else settings().moved_least):
        return None
    return next(one for one in around if one.id == best)


def _fits(report: Report, spot: Spot, incident: Incident, alike: dict[int, float]) -> float:
    """By what was seen, how lately, and whether it was called by this name."""
    minutes = abs((report.received_at - incident.last_report_at).total_seconds()) / 60
    same_name = SAME_NAME if incident.place_key == spot.key else 0.0
    named = same_name + _street(spot, incident)
    return alike.get(incident.id, 0.0) + named - minutes / settings().match_window_minutes


def _street(spot: Spot, incident: Incident) -> float:
    mine, theirs = streets_named(spot.key), streets_named(incident.place_key)
    if not mine or not theirs:
        return 0.0
    return SAME_STREET if mine & theirs else -SAME_STREET


def _told_of(session: Session, incidents: list[Incident]) -> dict[int, list[Report]]:
    """The last reports of each, so many as say what it looks like."""
    ids = [one.id for one in incidents[:MOST_COMPARED]]
    told: dict[int, list[Report]] = {one: [] for one in ids}
    newest = select(Report).where(Report.incident_id.in_(ids), Report.kind == ReportKind.REPORT)
    for report in session.scalars(newest.order_by(Report.id.desc()).limit(MOST_COMPARED * ENOUGH_REPORTS)):
        if report.incident_id is not None and len(told[report.incident_id]) < ENOUGH_REPORTS:
            told[report.incident_id].append(report)
    return {one: reports for one, reports in told.items() if reports}
