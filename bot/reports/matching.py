"""Told twice, is it one thing? A report joins the incident of its place and time, or opens one.

One place is one key, or a spot so near that two people mean the same corner. A report that names only a neighborhood joins
the one incident that is open there, and the first report to name its corner places it. A closed question is opened again by
somebody new who saw it themselves, in words of their own; a copy of what was told before opens nothing.
"""

import datetime as dt

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.incidents.holding import hold, survivor
from bot.incidents.models import Incident
from bot.incidents.opening import REPORTED_AGAIN, Spot, open_at, refine, reopen
from bot.incidents.states import REOPENED_BY_A_REPORT, IncidentState
from bot.incidents.told import was_told
from bot.places.gazetteer import Found
from bot.reports import asked, crowds, joining, standing, witnesses
from bot.reports.exchanges import exchange
from bot.reports.intake import Sighting
from bot.reports.keeping import kept
from bot.reports.models import Report, ReportKind
from bot.reports.spots import at_the_spot, is_area, near, spot_of, usable
from bot.settings import settings
from bot.store.alone import alone, among

GATE = "matching"
"""Whoever is alone past it changes which incident reports belong to; filing goes by neighborhood."""


def file(
    session: Session,
    *,
    contact: Contact | None,
    text: str,
    language: str,
    kind: ReportKind,
    sighting: Sighting,
    at: dt.datetime | None = None,
    address: str = "",
) -> Report:
    """Keep the report, and join it to its incident or open one. One without a usable place waits for `locate`.

    `at` is when they wrote it, of one that reached us late. `address`: where from; only a mark of how it begins is kept.
    """
    report = kept(session, contact, text, language, kind, sighting, at or now())
    report.band, report.exchange = standing.band(session, contact), exchange(address)
    session.add(report)
    if kind is not ReportKind.EMERGENCY and usable(sighting.place):
        _match(session, report, spot_of(sighting.place))
    session.flush()
    return report


def locate(session: Session, report: Report, found: Found) -> Incident | None:
    """The person said where, or a dispatcher knows; of both at once the first is heard. `None` when that is no place we can use,
    or for a rumor that nobody reported.
    """
    alone(session, placing(report.pseudonym))
    session.refresh(report, ["incident_id", "incident"])
    if report.incident is not None or not usable(found):
        return report.incident
    _match(session, report, spot_of(found))
    return report.incident


def placing(pseudonym: str) -> str:
    """The gate behind which a report is given its place, one at a time."""
    return f"placing:{pseudonym}"


def placed_it_anew(session: Session, report: Report) -> bool:
    """Whether its incident is looked for elsewhere since this report: it named the corner first, or told where they went."""
    incident = report.incident
    if incident is None or incident.state is not IncidentState.UNCONFIRMED or incident.place_key != report.place_key:
        return False
    others = select(Report.place_key).where(Report.incident_id == incident.id, Report.id != report.id)
    told_at = set(session.scalars(others.where(Report.kind == ReportKind.REPORT)))
    return bool(told_at) and report.place_key not in told_at


def too_late(report: Report) -> bool:
    """It is history by now (the text missed us, or its place came late): nobody is sent to look for what was there then."""
    return report.received_at <= ago(minutes=settings().match_window_minutes)


def _match(session: Session, report: Report, spot: Spot) -> None:
    """Alone past the gate: two reports of one corner in one second would otherwise open two incidents."""
    _one_at_a_time(session, spot)
    report.place_key = spot.key[:80]
    if too_late(report):
        return
    with session.no_autoflush:  # written down once, with its incident
        known = _of_this_place(session, report, spot)
    if known is not None:
        _join(session, report, hold(session, known), spot)
    elif report.kind is ReportKind.REPORT:
        report.incident = open_at(session, spot, told_at=report.received_at)
        asked.join(session, report.incident)
    elif asked.by_several(session, spot):
        report.incident = open_at(session, spot, asked_only=True)
        asked.join(session, report.incident)
    session.flush()
    crowds.judge(session, report)


def _one_at_a_time(session: Session, spot: Spot) -> None:
    """What is one thing lies in one of its neighborhoods: reports of others need not wait. Who parts or joins incidents does."""
    among(session, GATE)
    for area in sorted(spot.neighborhoods):
        alone(session, f"{GATE}:{area}")


def _join(session: Session, report: Report, incident: Incident, spot: Spot) -> None:
    moved = _is_elsewhere_now(session, report, incident, spot)
    report.incident = incident
    if report.kind is not ReportKind.REPORT:
        return
    incident.last_report_at, incident.asked_only = max(incident.last_report_at, report.received_at), False
    session.flush()
    witnesses.place(session, report)
    if not spot.is_area and incident.state is IncidentState.UNCONFIRMED and (is_area(incident) or moved):
        refine(session, incident, spot)
    written_since = incident.closed_at is None or report.received_at > incident.closed_at
    if incident.state in REOPENED_BY_A_REPORT and written_since and witnesses.is_a_witness(report):
        reopen(session, incident, REPORTED_AGAIN)


def _is_elsewhere_now(session: Session, report: Report, incident: Incident, spot: Spot) -> bool:
    """The newest word of it, from a corner nobody named before: that is where to look."""
    newest = report.first_hand and report.received_at >= incident.last_report_at
    known = incident.place_key == spot.key or near(incident, spot)
    return newest and not known and session.scalar(_named(spot).where(Report.incident_id == incident.id)) is None


def _of_this_place(session: Session, report: Report, spot: Spot) -> Incident | None:
    """The newest incident here and now. One whose alert went out and that is closed again is history, not this."""
    named = _named(spot)
    here = joining.lately(session, spot, or_(at_the_spot(spot), Incident.id.in_(named)))
    stood = set(session.scalars(named))
    same = [one for one in here if one.place_key == spot.key or one.id in stood or near(one, spot)]
    there = [one for one in same if one.is_open or not was_told(session, one)]
    if precise := [one for one in there if not is_area(one)]:
        return next((lives for one in precise if (lives := _lives_on(session, one)) is not None), None)
    own = next((one for one in there if one.state is not IncidentState.MERGED), None)
    return joining.most_alike(session, report, spot, own) or joining.moved_here(session, report, spot)


def _lives_on(session: Session, incident: Incident) -> Incident | None:
    """Told of the place of one that was merged, it is about what that is part of, unless that is over and told."""
    part_of = survivor(session, incident)
    lives = part_of.is_open or (part_of.state in REOPENED_BY_A_REPORT and not was_told(session, part_of))
    return part_of if lives else None


def _named(spot: Spot) -> Select[int | None]:
    """The incidents of which somebody told from this corner before: one that moved on is known by both."""
    lately = Report.received_at > ago(minutes=settings().match_window_minutes)
    told = select(Report.incident_id).where(Report.place_key == spot.key[:80], lately, Report.incident_id.is_not(None))
    return told.where(Report.kind == ReportKind.REPORT, literal(not spot.is_area))
