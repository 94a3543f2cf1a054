"""Which alerts are live, and who still has to hear of them? Whoever joins a neighborhood is told what it was told."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.clock import now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.outbox import newcomers
from bot.outbox.models import Broadcast, BroadcastState, Kind


def live(session: Session, neighborhood: str | None = None) -> list[Alert]:
    """The last thing said of each incident that is confirmed, let out and not expired; of one neighborhood, or all."""
    found = session.scalars(
        select(Alert)
        .join(Broadcast, Broadcast.id == Alert.broadcast_id)
        .join(Incident, Incident.id == Alert.incident_id)
        .where(
            Alert.kind.in_((Kind.ALERT, Kind.UPDATE)),
            Broadcast.state == BroadcastState.RELEASED,
            Broadcast.expires_at > now(),
            Incident.state == IncidentState.CONFIRMED,
        )
        .order_by(Alert.id)
    )
    newest = {alert.incident_id: alert for alert in found}
    return [alert for alert in newest.values() if neighborhood is None or neighborhood in alert.broadcast.neighborhoods]


def tell_newcomer(session: Session, contact: Contact, neighborhood: str) -> int:
    """A copy of each live alert of this neighborhood for somebody who just joined it; how many."""
    copies = [newcomers.add_copy(session, alert.broadcast, contact) for alert in live(session, neighborhood)]
    return sum(copy is not None for copy in copies)
