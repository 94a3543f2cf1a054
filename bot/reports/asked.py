"""Have enough people asked about one place, though nobody reported anything there? Then somebody shall look."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.incidents.models import Incident
from bot.incidents.opening import Spot
from bot.reports.models import Report, ReportKind
from bot.settings import settings


def by_several(session: Session, spot: Spot) -> bool:
    askers = select(func.count(func.distinct(Report.contact_id))).where(*_asking(spot.key))
    return (session.scalar(askers) or 0) >= settings().rumor_askers


def join(session: Session, incident: Incident) -> None:
    for one in session.scalars(select(Report).where(*_asking(incident.place_key))):
        one.incident = incident


def _asking(place_key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Report.kind == ReportKind.RUMOR,
        Report.place_key == place_key,
        Report.incident_id.is_(None),
        Report.received_at > ago(minutes=settings().match_window_minutes),
    )
