"""Told twice, is it one thing? A report joins the incident of its place and time, or opens one.

One place is one key, or a spot so near that two people mean the same corner. A report that names only a neighborhood joins
the one incident that is open there, and the first report to name its corner places it. A closed question is opened again by
somebody new who saw it themselves, in words of their own; a copy of what was told before opens nothing.
"""

import datetime as dt

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.incidents.holding import hold
from bot.incidents.models import OPEN, REOPENED_BY_A_REPORT, Incident, IncidentArea, IncidentState
from bot.incidents.opening import REPORTED_AGAIN, Spot, open_at, refine, reopen
from bot.outbox.models import Release
from bot.places.gazetteer import Found
from bot.reports import witnesses
from bot.reports.copies import marks
from bot.reports.intake import Sighting, redact
from bot.reports.models import Report, ReportKind
from bot.reports.spots import is_area, near, spot_of, usable
from bot.settings import settings
from bot.store.alone import alone

GATE = "matching"


def file(
    session: Session,
    *,
    contact: Contact | None,
    text: str,
    language: str,
    kind: ReportKind,
    sighting: Sighting,
    at: dt.datetime | None = None,
) -> Report:
    """Keep the report, and join it to its incident or open one. One without a usable place waits for `locate`.

    `at` is when they wrote it, of one that reached us late.
    """
    report = _kept(contact, text, language, kind, sighting, at or now())
    session.add(report)
    if kind is not ReportKind.EMERGENCY and usable(sighting.place):
        _match(session, report, spot_of(sighting.place))
    session.flush()
    return report


def locate(session: Session, report: Report, found: Found) -> Incident | None:
    """The person said where. `None` when that is no place we can use, or for a rumor that nobody reported."""
    if report.incident is not None or not usable(found):
        return report.incident
    _match(session, report, spot_of(found))
    return report.incident


def too_late(report: Report) -> bool:
    """It is history by now (the text missed us, or its place came late): nobody is sent to look for what was there then."""
    return report.received_at <= ago(minutes=settings().match_window_minutes)


def _kept(
    contact: Contact | None, text: str, language: str, kind: ReportKind, sighting: Sighting, at: dt.datetime
) -> Report:
    report = Report(
        kind=kind,
        contact_id=contact.id if contact else None,
        language=language,
        received_at=at,
        first_hand=sighting.first_hand and kind is not ReportKind.RUMOR,
        size=sighting.size,
        activity=sighting.activity,
        uniform=sighting.uniform,
        time=sighting.time,
        vehicles=sighting.vehicles,
        vehicle_words=_vehicle(sighting),
        equipment=list(sighting.equipment),
        words=marks(redact(text)),
        told="received",
    )
    report.keep(redact(text))
    return report


def _vehicle(sighting: Sighting) -> str | None:
    """Kind and colour, as the keys of `intake` name them: `van white`."""
    words = " ".join(word for word in (sighting.vehicle_kind, sighting.vehicle_colour) if word)
    return words[:40] if sighting.vehicle_kind else None


def _match(session: Session, report: Report, spot: Spot) -> None:
    """Alone past the gate: two reports of one corner in one second would otherwise open two incidents."""
    alone(session, GATE)
    report.place_key = spot.key[:80]
    if too_late(report):
        return
    with session.no_autoflush:  # written down once, with its incident
        known = _of_this_place(session, spot)
    if known is not None:
        _join(session, report, hold(session, known), spot)
    elif report.kind is ReportKind.REPORT:
        report.incident = open_at(session, spot, told_at=report.received_at)
    elif _asked_by_several(session, spot):
        report.incident = open_at(session, spot, asked_only=True)
        _join_askers(session, report.incident)
    session.flush()


def _join(session: Session, report: Report, incident: Incident, spot: Spot) -> None:
    report.incident = incident
    if report.kind is not ReportKind.REPORT:
        return
    incident.last_report_at, incident.asked_only = max(incident.last_report_at, report.received_at), False
    if is_area(incident) and not spot.is_area and incident.state is IncidentState.UNCONFIRMED:
        refine(session, incident, spot)
    written_since = incident.closed_at is None or report.received_at > incident.closed_at
    if incident.state in REOPENED_BY_A_REPORT and written_since and _is_a_new_witness(session, report, incident):
        reopen(session, incident, REPORTED_AGAIN)


def _is_a_new_witness(session: Session, report: Report, incident: Incident) -> bool:
    """Read only where it matters: hundreds may have told of an incident that is open anyway."""
    session.flush()
    others = [other for other in witnesses.reports_of(session, incident) if other.id != report.id]
    return witnesses.adds_a_witness(report, others)


def _of_this_place(session: Session, spot: Spot) -> Incident | None:
    """The newest incident here and now. One whose alert went out and that is closed again is history, not this."""
    recent = session.scalars(
        select(Incident)
        .join(IncidentArea)
        .where(
            IncidentArea.neighborhood.in_(spot.neighborhoods),
            Incident.last_report_at > ago(minutes=settings().match_window_minutes),
            Incident.state.in_((*OPEN, *REOPENED_BY_A_REPORT)),
            Incident.merged_into.is_(None),
        )
        .order_by(Incident.last_report_at.desc(), Incident.id.desc())
    ).unique()
    candidates = [incident for incident in recent if incident.is_open or not _was_told(session, incident)]
    same = [incident for incident in candidates if incident.place_key == spot.key or near(incident, spot)]
    return same[0] if same else _only_one_loosely(candidates, spot)


def _only_one_loosely(candidates: list[Incident], spot: Spot) -> Incident | None:
    """A neighborhood's name fits whatever is open there, and a corner fits a report that named only the neighborhood."""
    loose = [incident for incident in candidates if incident.is_open and (spot.is_area or is_area(incident))]
    return loose[0] if len(loose) == 1 else None


def _was_told(session: Session, incident: Incident) -> bool:
    return session.scalar(select(Release.broadcast_id).where(Release.incident_id == incident.id).limit(1)) is not None


def _asked_by_several(session: Session, spot: Spot) -> bool:
    askers = select(func.count(func.distinct(Report.contact_id))).where(*_asking(spot.key))
    return (session.scalar(askers) or 0) >= settings().rumor_askers


def _join_askers(session: Session, incident: Incident) -> None:
    for asked in session.scalars(select(Report).where(*_asking(incident.place_key))):
        asked.incident = incident


def _asking(place_key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Report.kind == ReportKind.RUMOR,
        Report.place_key == place_key,
        Report.incident_id.is_(None),
        Report.received_at > ago(minutes=settings().match_window_minutes),
    )
