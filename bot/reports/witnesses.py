"""How many people saw it with their own eyes, as far as we can tell? One number, one wording, one home counts once.

Each report says itself why it is no witness of its own (`set_aside`), so that counting thousands of them is one question to
the database. The count orders the queue. It never confirms: anonymous counts do not add up to the truth (docs/truth.md).
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.reports import homes
from bot.reports.copies import same_text
from bot.reports.models import BRIGADE, Aside, Report, ReportKind


def reports_of(session: Session, incident: Incident) -> list[Report]:
    """The incident's reports, oldest first."""
    return list(session.scalars(select(Report).where(Report.incident_id == incident.id).order_by(Report.id)))


def independent(reports: Sequence[Report]) -> list[Report]:
    """The first of each source, among those who say they saw it themselves."""
    return [report for report in reports if is_a_witness(report)]


def is_a_witness(report: Report) -> bool:
    """Somebody new, who saw it and says so in their own words."""
    return counts(report) and report.set_aside is None


def counts(report: Report) -> bool:
    return report.kind is ReportKind.REPORT and report.first_hand


def place(session: Session, report: Report) -> None:
    """A report has joined its incident, and is written down: is it one more witness there, and if not, why not?"""
    if counts(report) and report.set_aside is None:
        report.set_aside = _same_source(session, report)


def recount(session: Session, incident: Incident) -> None:
    """Who counts, from the first report on: after a home was told of, or incidents were parted or joined."""
    session.flush()
    reports = reports_of(session, incident)
    for report in reports:
        if report.set_aside not in BRIGADE:
            report.set_aside = None
    session.flush()
    for report in reports:
        place(session, report)
        session.flush()


def _same_source(session: Session, report: Report) -> Aside | None:
    if report.contact_id is not None:
        again = select(Report.id).where(*_before(report), Report.contact_id == report.contact_id)
        if session.scalar(again.limit(1)) is not None:
            return Aside.SAME_NUMBER
    seen = (*_before(report), Report.set_aside.is_(None))
    if any(same_text(report.words, words) for words in session.scalars(select(Report.words).where(*seen))):
        return Aside.SAME_WORDS
    if report.contact_id is not None:
        others = homes.with_me(session, report.contact_id, select(Report.contact_id).where(*seen))
        return Aside.SAME_HOME if others else None
    return None


def _before(report: Report) -> tuple[ColumnElement[bool], ...]:
    """The first-hand reports of its incident that came before it."""
    return (
        Report.id < report.id,
        Report.incident_id == report.incident_id,
        Report.kind == ReportKind.REPORT,
        Report.first_hand.is_(True),
    )
