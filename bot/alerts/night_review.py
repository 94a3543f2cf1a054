"""Who looks at what one hand let out at night? Somebody of another line, the same day; until then it stands on the queue."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident, IncidentArea
from bot.moderation.refusals import Refused
from bot.outbox import halting
from bot.outbox.night_models import NightRelease
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.settings import settings

REVIEWERS = (Role.COORDINATOR,)


class ReviewRefused(Refused):
    """This person cannot review it, or somebody has."""


def waiting(session: Session, neighborhoods: Collection[str] | None = None) -> list[tuple[NightRelease, Incident]]:
    """What still has to be reviewed (of these neighborhoods), the oldest first: for the queue's page."""
    found = (
        select(NightRelease, Incident)
        .join(Incident, Incident.id == NightRelease.incident_id)
        .where(NightRelease.reviewed_at.is_(None))
        .order_by(NightRelease.released_at)
    )
    if neighborhoods is not None:
        of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(neighborhoods))
        found = found.where(NightRelease.incident_id.in_(of_these))
    return [(row, incident) for row, incident in session.execute(found)]


def due_at(row: NightRelease) -> dt.datetime:
    """By when it should have been reviewed."""
    return row.released_at + dt.timedelta(hours=settings().night_review_hours)


def refusals(row: NightRelease, person: Person) -> list[str]:
    """Why this person may not review it; empty when they may."""
    found = [
        (row.reviewed_at is not None, "reviewed"),
        (person.revoked_at is not None or person.role not in REVIEWERS, "wrong_role"),
        (row.person_id == person.id or row.person_line == person.line_id, "same_line"),
    ]
    return [f"console.night.review_{name}" for refused, name in found if refused]


def review(session: Session, broadcast_id: int, person: Person, *, stands: bool) -> NightRelease:
    """Their word on it. "It should not have gone out" stops the copies that have not left. Raises `ReviewRefused`."""
    row = session.get(NightRelease, broadcast_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ReviewRefused("console.night.review_reviewed")
    no = refusals(row, person)
    if no:
        raise ReviewRefused(no[0])
    row.reviewed_by_id, row.reviewed_by_line = person.id, person.line_id
    row.reviewed_at, row.stands = now(), stands
    session.flush()
    if not stands:
        halting.halt(session, broadcast_id, "review_found_it_wrong")
    audit.record(session, f"night.reviewed.{'stands' if stands else 'wrong'}", f"incident:{row.incident_id}", person.id)
    return row
