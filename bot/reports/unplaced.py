"""Of which texts did nobody find out the place? They belong to no incident, and count as long as a report of their time does."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.reports.models import Report, ReportKind
from bot.settings import settings

KINDS = (ReportKind.REPORT, ReportKind.RUMOR)
"""A cry for help stands above the queue, place or none, and only those read it who may."""


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Report).where(*_waits())) or 0


def shown(session: Session, page: int) -> list[Report]:
    """The newest first, a screen at a time."""
    rows = settings().queue_screen_rows
    newest = _reports().order_by(Report.received_at.desc(), Report.id.desc())
    return list(session.scalars(newest.offset((page - 1) * rows).limit(rows)))


def find(session: Session, pseudonym: str) -> Report | None:
    return session.scalars(_reports().where(Report.pseudonym == pseudonym)).one_or_none()


def _reports() -> Select[Report]:
    return select(Report).where(*_waits())


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (
        Report.kind.in_(KINDS),
        Report.incident_id.is_(None),
        Report.place_key.is_(None),
        Report.received_at > ago(minutes=settings().match_window_minutes),
    )
