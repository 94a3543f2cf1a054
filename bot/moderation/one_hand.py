"""What one person let out at night: would it become a school's by what is decided about its incident now?"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.outbox import halting
from bot.outbox.night_models import NightRelease
from bot.people.models import Person
from bot.privacy import audit


def would_cover_a_school(session: Session, away: Incident, into: Incident) -> bool:
    """`away` is one's, and `into` was told of by one hand that nobody has reviewed."""
    return away.sensitive and not into.sensitive and bool(_unreviewed(session, into))


def stop(session: Session, incident: Incident, by: Person) -> None:
    """Copies that have not left stay here, now that somebody says it is a school's. Stopping takes one."""
    for broadcast_id in _unreviewed(session, incident):
        halting.halt(session, broadcast_id, "out_of_bounds")
        audit.record(session, "night.out_of_bounds", f"incident:{incident.id}", by.id)


def _unreviewed(session: Session, incident: Incident) -> list[int]:
    of_it = (NightRelease.incident_id == incident.id, NightRelease.reviewed_at.is_(None))
    return list(session.scalars(select(NightRelease.broadcast_id).where(*of_it)))
