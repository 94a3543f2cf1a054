"""Was anything about an incident ever let out?"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.outbox.models import Release


def was_told(session: Session, incident: Incident) -> bool:
    """By two hands or at night by one; also what was taken back since."""
    return session.scalar(select(Release.broadcast_id).where(Release.incident_id == incident.id).limit(1)) is not None
