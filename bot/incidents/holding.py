"""Who may decide about an incident right now? Whoever holds its row, until they commit; the next one sees what they did."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.incidents.models import Incident


def hold(session: Session, incident: Incident) -> Incident:
    """Lock the incident's row and read it afresh. On SQLite the one writer held everything before it read anything."""
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(incident, with_for_update=True)
    return incident


def hold_all(session: Session, incidents: Sequence[Incident]) -> None:
    """The same for several, always in the order of their ids: two who want the same two never wait for each other."""
    for incident in sorted(incidents, key=lambda one: one.id):
        hold(session, incident)


def survivor(session: Session, incident: Incident) -> Incident:
    """The incident that this one is part of by now: itself, or what it was merged into, through however many merges."""
    seen = {incident.id}
    while incident.merged_into is not None and incident.merged_into not in seen:
        seen.add(incident.merged_into)
        incident = session.get_one(Incident, incident.merged_into)
    return incident
