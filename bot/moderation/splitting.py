"""Are some of these reports about another place? A dispatcher says which, and where; they become an incident of their own.

They join what is open at that place already, or open it. What was found, told and drafted stays with the incident it was about:
reports order the queue and confirm nothing, so taking some away changes nothing of what is known there.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold, hold_all
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.opening import Spot, open_at
from bot.incidents.states import OPEN, REOPENED_BY_A_REPORT
from bot.moderation import outcomes, paging, regrouping
from bot.moderation.dispatch_models import Regroup, Regrouping
from bot.moderation.regrouping import RegroupRefused
from bot.people.models import Person
from bot.places.found import Found
from bot.privacy import audit
from bot.reports import matching, witnesses
from bot.reports.models import Report, ReportKind
from bot.reports.spots import near, spot_of, usable
from bot.store.alone import alone


def split(session: Session, incident: Incident, pseudonyms: Collection[str], found: Found, by: Person) -> Incident:
    """These reports of it, at a place of their own: the incident they belong to now. Raises `RegroupRefused`."""
    if not usable(found):
        raise RegroupRefused("console.split.no_place")
    alone(session, matching.GATE)
    hold(session, incident)
    chosen = _chosen(session, incident, pseudonyms)
    spot = spot_of(found)
    target = _open_there(session, spot, incident)
    if target is None:
        target = open_at(session, spot, told_at=max(report.received_at for report in chosen))
    hold_all(session, (incident, target))
    if not target.is_open:  # it closed while we waited for its row
        raise RegroupRefused("console.refused.step")
    _part(session, incident, target, chosen, spot, by)
    return target


def _chosen(session: Session, incident: Incident, pseudonyms: Collection[str]) -> list[Report]:
    if not incident.is_open and incident.state not in REOPENED_BY_A_REPORT:
        raise RegroupRefused("console.split.closed")
    every = witnesses.reports_of(session, incident)
    chosen = [report for report in every if report.pseudonym in pseudonyms]
    if not chosen:
        raise RegroupRefused("console.split.none")
    if len(chosen) == len(every):
        raise RegroupRefused("console.split.all")
    if all(matching.too_late(report) for report in chosen):
        raise RegroupRefused("console.split.too_old")
    return chosen


def _open_there(session: Session, spot: Spot, but: Incident) -> Incident | None:
    """The newest other incident that is open at this very place."""
    there = (
        select(Incident)
        .join(IncidentArea)
        .where(IncidentArea.neighborhood.in_(spot.neighborhoods), Incident.state.in_(OPEN), Incident.id != but.id)
        .order_by(Incident.last_report_at.desc(), Incident.id.desc())
    )
    known = session.scalars(there).unique()
    return next((one for one in known if one.place_key == spot.key or near(one, spot)), None)


def _part(session: Session, incident: Incident, target: Incident, chosen: list[Report], spot: Spot, by: Person) -> None:
    made = Regrouping(kind=Regroup.SPLIT, from_id=incident.id, into_id=target.id, person_id=by.id, at=now(), areas=[])
    session.add(made)
    session.flush()
    for report in chosen:
        report.place_key = spot.key[:80]
    regrouping.move(session, made, chosen, target)
    for one in (incident, target):
        one.asked_only = all(report.kind is not ReportKind.REPORT for report in witnesses.reports_of(session, one))
    witnesses.recount(session, incident)
    audit.record(session, "incident.split", f"incident:{incident.id}", by.id, f"incident:{target.id}")
    if not target.asked_only:
        paging.page(session, target)
    outcomes.tell(session, target)
