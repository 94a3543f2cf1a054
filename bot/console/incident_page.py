"""What stands on an incident's page: what is known, who is on it, and which acts are open to this person?"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.alerts.models import Alert
from bot.console import changes, gloss, timeline
from bot.console.doors import Visit
from bot.incidents.holding import survivor
from bot.incidents.models import Incident
from bot.incidents.states import OPEN, IncidentState, WordOf
from bot.incidents.told import was_told
from bot.moderation import claims, regrouping, relaying, reopening, ruling
from bot.moderation.dispatch_models import Regroup, WhyNot
from bot.moderation.models import Claim, ClaimState, Finding
from bot.outbox import own_words
from bot.outbox.models import Kind
from bot.photos import showing
from bot.places.geometry import meters
from bot.reports.models import Report
from bot.settings import settings
from messages import languages

REPORTS_SHOWN = 40
"""The newest; a link leads to the rest. A brigade's thousands would hold up whoever looks."""
OTHERS_SHOWN = 60


def of(visit: Visit, incident: Incident, *, every: bool = False) -> dict[str, Any]:
    """Everything that the page's templates use."""
    session = visit.session
    mark = changes.of_the_desk(session)  # before what it marks
    reports, total = _reports(session, incident, every)
    looks = _looks(session, incident)
    alerts = list(session.scalars(select(Alert).where(Alert.incident_id == incident.id).order_by(Alert.id.desc())))
    return {
        "mark": mark,
        "incident": incident,
        "reports": reports,
        "total": total,
        "every": every,
        "salute": gloss.rows(incident, reports, looks),
        "glosses": {report.id: gloss.of_report(report, incident) for report in reports},
        "photos": showing.of_reports(session, [report.id for report in reports]),
        "threads": relaying.of(session, [report.id for report in reports]),
        "entries": timeline.of(session, incident, reports, caring=visit.person.may_dispatch),
        "alerts": alerts,
        "told": any(alert.broadcast.release and alert.kind in (Kind.ALERT, Kind.UPDATE) for alert in alerts),
        **_who_is_on_it(visit, incident),
        **_by_hand(visit, incident),
    }


def _reports(session: Session, incident: Incident, every: bool) -> tuple[list[Report], int]:
    theirs = Report.incident_id == incident.id
    newest = select(Report).where(theirs).order_by(Report.received_at.desc(), Report.id.desc())
    total = session.scalar(select(func.count()).select_from(Report).where(theirs)) or 0
    return list(session.scalars(newest if every else newest.limit(REPORTS_SHOWN))), total


def _looks(session: Session, incident: Incident) -> list[Finding]:
    found = select(Finding).where(Finding.incident_id == incident.id).options(selectinload(Finding.person))
    return list(session.scalars(found.order_by(Finding.found_at, Finding.id)))


def _who_is_on_it(visit: Visit, incident: Incident) -> dict[str, Any]:
    holding = select(Claim).where(Claim.incident_id == incident.id, Claim.state == ClaimState.HELD)
    held = list(visit.session.scalars(holding.options(selectinload(Claim.person)).order_by(Claim.id)))
    disputed = incident.state is IncidentState.DISPUTED
    return {
        "claims": held,
        "takes_looks": reopening.takes_looks(visit.session, incident),
        "mine": any(claim.person_id == visit.person.id for claim in held),
        "claimable": incident.state in claims.CLAIMABLE and (not held or disputed),
        "one_hand": settings().night_rule and visit.person.senior and incident.state is IncidentState.CONFIRMED,
    }


def _by_hand(visit: Visit, incident: Incident) -> dict[str, Any]:
    """What dispatchers may decide; the rules themselves are asked again when they do."""
    session, dispatches = visit.session, visit.person.may_dispatch
    merges = [one for one in regrouping.standing(session, incident) if one.kind is Regroup.MERGE and not one.undone_at]
    undecided = ruling.is_open_to(incident) and not was_told(session, incident)
    return {
        "dispatches": dispatches,
        "part_of": survivor(session, incident) if incident.merged_into else None,
        "merged_here": [one for one in merges if one.into_id == incident.id],
        "merged_away": next((one for one in merges if one.from_id == incident.id), None),
        "undecided": undecided,
        "others": _others(session, incident) if dispatches and undecided else [],
        "ruled": ruling.latest(session, incident),
        "debunk_as": ruling.WAS,
        "words_of": tuple(WordOf),
        "whys": tuple(WhyNot),
        "prepared": relaying.PREPARED,
        "may_be_asked": relaying.may_be_asked,
        "reads_own_words": lambda report: languages.base(report.language) in languages.STAFF,
        "longest_question": own_words.LONGEST,
    }


def _others(session: Session, incident: Incident) -> list[Incident]:
    """Open incidents that this one may be one with, the nearest first."""
    found = select(Incident).where(Incident.state.in_(OPEN), Incident.id != incident.id)
    newest = found.options(selectinload(Incident.areas)).order_by(Incident.last_report_at.desc()).limit(OTHERS_SHOWN)
    return sorted(session.scalars(newest), key=lambda other: _away(incident, other))


def _away(incident: Incident, other: Incident) -> float:
    if incident.latitude is None or incident.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0 if set(incident.neighborhoods) & set(other.neighborhoods) else float("inf")
    return meters((incident.latitude, incident.longitude), (other.latitude, other.longitude))
