"""Which verifiers on shift are near enough to be asked, and who first? By the areas they declared, not by where they are."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.incidents.models import Incident
from bot.incidents.opening import reopened_at
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim, ClaimState
from bot.people.models import Person, Role
from bot.people.shifts import can_be_texted, on_shift
from bot.places.neighborhoods import adjoining
from bot.reports.models import Report

RESTED_HOURS = 24
OWN_AREA, NEXT_DOOR, FAR = 0, 1, 2


def nearest(session: Session, incident: Incident, but: set[int]) -> list[Person]:
    near = [person for person in on_shift(session) if person.role is Role.VERIFIER and is_near(person, incident)]
    if not near:
        return []
    reporters = set(session.scalars(select(Report.contact_id).where(Report.incident_id == incident.id)))
    went = select(Claim.person_id).where(
        Claim.incident_id == incident.id, Claim.claimed_at >= reopened_at(session, incident)
    )
    out = but | set(session.scalars(went))
    busy = set(session.scalars(select(Claim.person_id).where(Claim.state == ClaimState.HELD)))
    lately = _paged_lately(session, near)
    asked = [person for person in near if person.id not in out]
    able = [person for person in asked if can_be_texted(person) and person.contact_id not in reporters]
    rested = sorted(able, key=lambda person: (lately[person.id].timestamp() if person.id in lately else 0.0, person.id))
    return sorted(rested, key=lambda person: (_distance(person, incident), person.id in busy))


def _paged_lately(session: Session, people: list[Person]) -> dict[int, dt.datetime]:
    """When each was last paged; who was not paged for a day has rested."""
    last = select(Page.person_id, func.max(Page.paged_at)).group_by(Page.person_id)
    of_them = (Page.person_id.in_([person.id for person in people]), Page.paged_at > ago(hours=RESTED_HOURS))
    return dict(session.execute(last.where(*of_them)).all())


def is_near(person: Person, incident: Incident) -> bool:
    return _distance(person, incident) < FAR


def _distance(person: Person, incident: Incident) -> int:
    """0 in an area they declared, 1 next to one, 2 elsewhere."""
    declared = set(person.neighborhoods)
    if declared & set(incident.neighborhoods):
        return OWN_AREA
    around = {area.id for name in incident.neighborhoods for area in adjoining(name)}
    return NEXT_DOOR if declared & around else FAR
