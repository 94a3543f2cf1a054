"""Who was told of an incident, by what? The first alert is the root: all that follows it goes to the people it reached."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.outbox.models import Kind, Release


def root(session: Session, incident: Incident) -> Alert | None:
    """The alert that was let out first."""
    return next(iter(alerts(session, incident)), None)


def alerts(session: Session, incident: Incident) -> list[Alert]:
    """What said that it is so: alerts and updates that were let out, oldest first."""
    return _released(session, incident, (Kind.ALERT, Kind.UPDATE))


def latest(session: Session, incident: Incident) -> Alert | None:
    """The last thing of any kind that was let out."""
    return latest_of_each(session, [incident]).get(incident.id)


def latest_of_each(session: Session, incidents: Sequence[Incident]) -> dict[int, Alert]:
    """The same of several, by their ids; of those that were never told there is none."""
    if not incidents:
        return {}
    out = (
        select(Alert)
        .join(Release, Release.broadcast_id == Alert.broadcast_id)
        .where(Alert.incident_id.in_([incident.id for incident in incidents]))
        .order_by(Release.released_at, Alert.id)
    )
    return {alert.incident_id: alert for alert in session.scalars(out)}


def release_of(session: Session, alert: Alert) -> Release | None:
    return session.get(Release, alert.broadcast_id)


def _released(session: Session, incident: Incident, kinds: tuple[Kind, ...]) -> list[Alert]:
    out = (
        select(Alert)
        .join(Release, Release.broadcast_id == Alert.broadcast_id)
        .where(Alert.incident_id == incident.id, Alert.kind.in_(kinds))
        .order_by(Release.released_at, Alert.id)
    )
    return list(session.scalars(out))
