"""Who may decide about an incident right now? Whoever holds its row, until they commit; the next one sees what they did."""

from sqlalchemy.orm import Session

from bot.incidents.models import Incident


def hold(session: Session, incident: Incident) -> Incident:
    """Lock the incident's row and read it afresh. On SQLite the one writer held everything before it read anything."""
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(incident, with_for_update=True)
    return incident
