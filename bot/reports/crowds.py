"""Do few write as if they were many? One text about many places, one number at many places, one number that never stops.

Each such report is set aside with its reason: it is kept, answered and shown, and counts as no witness. Where nobody else told of
an incident, the queue folds it. Whose reports were confirmed before is believed to be in more places than others: some pass on
what a street tells them. What somebody only asks about is never judged.
"""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.reports import surge
from bot.reports.copies import same_text
from bot.reports.models import Aside, Band, Report, ReportKind
from bot.settings import settings

COPIES_COMPARED = 60
ALIKE = 0.6
"""Of two texts that name different places the rest is alike: less in common than two that name the same one."""


def judge(session: Session, report: Report) -> None:
    """A report has found its incident: does it belong to such a crowd, and do earlier ones with it?"""
    if report.kind is not ReportKind.REPORT or report.incident_id is None:
        return
    _copied(session, report)
    if report.contact_id is not None and report.band is not Band.KNOWN:
        _many_places(session, report)
        _burst(session, report)


def _copied(session: Session, report: Report) -> None:
    """The same words about other places."""
    if report.wording is None:
        return
    alike = [one for one in _of_this_wording(session, report) if same_text(report.words, one.words, ALIKE)]
    if len({one.incident_id for one in alike} | {report.incident_id}) > settings().copied_places:
        _set_aside(session, Aside.COPIED, Report.id.in_([report.id, *(one.id for one in alike)]))


def _of_this_wording(session: Session, report: Report) -> list[Report]:
    lately = Report.received_at > ago(minutes=settings().match_window_minutes)
    others = select(Report).where(Report.wording == report.wording, lately, Report.incident_id.is_not(None))
    elsewhere = others.where(Report.incident_id != report.incident_id)
    return list(session.scalars(elsewhere.order_by(Report.received_at.desc()).limit(COPIES_COMPARED)))


def _many_places(session: Session, report: Report) -> None:
    theirs = _theirs(report, settings().many_places_minutes)
    places = select(func.count(func.distinct(Report.incident_id))).where(*theirs)
    if (session.scalar(places) or 0) > settings().many_places:
        _set_aside(session, Aside.MANY_PLACES, *theirs)


def _burst(session: Session, report: Report) -> None:
    """Only in a surge: whoever stands there alone may well write every minute."""
    theirs = _theirs(report, settings().surge_minutes)
    texts = session.scalar(select(func.count()).select_from(Report).where(*theirs)) or 0
    if texts > settings().burst_reports and surge.is_on(session):
        _set_aside(session, Aside.BURST, *theirs)


def _theirs(report: Report, minutes: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Report.contact_id == report.contact_id,
        Report.received_at > ago(minutes=minutes),
        Report.kind == ReportKind.REPORT,
        Report.incident_id.is_not(None),
    )


def _set_aside(session: Session, why: Aside, *which: ColumnElement[bool]) -> None:
    not_yet = Report.set_aside.is_(None) | (Report.set_aside == Aside.SAME_NUMBER)
    session.execute(
        update(Report).where(*which, not_yet).values(set_aside=why).execution_options(synchronize_session="fetch")
    )
