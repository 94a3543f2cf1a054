"""How many people saw it with their own eyes, as far as we can tell? One number counts once; one copied text counts once.

The count orders the queue. It never confirms: anonymous counts do not add up to the truth (facts/peers.md 5.3).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.reports.copies import same_text
from bot.reports.models import Report, ReportKind


def reports_of(session: Session, incident: Incident) -> list[Report]:
    """The incident's reports, oldest first."""
    return list(session.scalars(select(Report).where(Report.incident_id == incident.id).order_by(Report.id)))


def independent(reports: Sequence[Report]) -> list[Report]:
    """The first of each sender and of each wording, among those who say they saw it themselves."""
    counted: list[Report] = []
    for report in reports:
        if counts(report) and not any(_one_source(report, other) for other in counted):
            counted.append(report)
    return counted


def adds_a_witness(report: Report, others: Sequence[Report]) -> bool:
    """Whether this report is somebody new, saying it in their own words."""
    return counts(report) and not any(_one_source(report, other) for other in others if counts(other))


def counts(report: Report) -> bool:
    return report.kind is ReportKind.REPORT and report.first_hand


def _one_source(one: Report, other: Report) -> bool:
    same_number = one.contact_id is not None and one.contact_id == other.contact_id
    return same_number or same_text(one.words, other.words)
