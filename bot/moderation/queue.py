"""What should somebody look at first, and why? An order with its reasons in words; nothing is ever hidden.

The order is by what is at stake in the next minutes: what waits for a second person, what is disputed, what several saw
themselves and nobody is on the way to, then the rest. How often one number writes changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from bot.clock import ago
from bot.incidents.models import OPEN, Incident, IncidentArea, IncidentState
from bot.moderation.models import Claim, ClaimState
from bot.outbox.models import Kind, Release
from bot.reports import witnesses
from bot.reports.models import Report, ReportKind
from bot.settings import settings

S = IncidentState
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open incident and why it stands where it stands (`reasons`: catalog keys)."""

    incident: Incident
    reasons: tuple[str, ...]
    witnesses: int
    """Independent first-hand reports."""
    reports: int
    asked: int
    rank: tuple[int, ...]


def waiting(session: Session, neighborhoods: Collection[str] | None = None) -> list[QueueRow]:
    """Every open incident (of these neighborhoods), the most urgent first; of equals, the one that waits longest."""
    incidents = list(session.scalars(_open(neighborhoods)))
    ids = [incident.id for incident in incidents]
    reports: defaultdict[int | None, list[Report]] = defaultdict(list)
    for report in session.scalars(select(Report).where(Report.incident_id.in_(ids)).order_by(Report.id)):
        reports[report.incident_id].append(report)
    held = set(session.scalars(select(Claim.incident_id).where(Claim.state == ClaimState.HELD)))
    told = set(session.scalars(select(Release.incident_id).where(Release.kind.in_((Kind.ALERT, Kind.UPDATE)))))
    rows = [_row(one, reports[one.id], on_the_way=one.id in held, told=one.id in told) for one in incidents]
    return sorted(rows, key=lambda row: (*row.rank, row.incident.opened_at))


def _open(neighborhoods: Collection[str] | None) -> Select[Incident]:
    found = select(Incident).where(Incident.state.in_(OPEN), Incident.merged_into.is_(None))
    if neighborhoods is not None:
        of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(neighborhoods))
        found = found.where(Incident.id.in_(of_these))
    return found.options(selectinload(Incident.areas)).order_by(Incident.id)


def _row(incident: Incident, reports: Sequence[Report], *, on_the_way: bool, told: bool) -> QueueRow:
    seen = witnesses.independent(reports)
    why = {
        "waits_for_release": incident.state is S.CONFIRMED and not told,
        "stale": incident.state is S.CONFIRMED and not told and _stale(incident),
        "disputed": incident.state is S.DISPUTED,
        "several": len(seen) >= SEVERAL,
        "first_hand": len(seen) == 1,
        "now": any(report.time == "now" for report in seen),
        "sensitive": incident.sensitive,
        "unclaimed": incident.state is S.UNCONFIRMED and not on_the_way,
        "on_the_way": on_the_way,
        "asked_only": not seen and bool(reports),
        "told": told,
    }
    urgent = ("waits_for_release", "disputed", "several", "first_hand", "unclaimed", "now")
    return QueueRow(
        incident=incident,
        reasons=tuple(f"pages.why_{name}" for name, holds in why.items() if holds),
        witnesses=len(seen),
        reports=sum(report.kind is ReportKind.REPORT for report in reports),
        asked=sum(report.kind is ReportKind.RUMOR for report in reports),
        rank=(int(told), *(int(not why[name]) for name in urgent), -len(seen)),
    )


def _stale(incident: Incident) -> bool:
    return incident.seen_at is None or incident.seen_at < ago(minutes=settings().finding_fresh_minutes)
