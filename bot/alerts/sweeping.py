"""What has time done to alerts? Some expired; some were confirmed, and nobody drafted or released them in time."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.alerts import calling, compose, desk, freshness, told
from bot.alerts.models import Alert
from bot.clock import now
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import closing, outcomes, verdicts
from bot.moderation.sweeping import each
from bot.people.models import Person


def sweep() -> None:
    """Each incident in a transaction of its own."""
    each(_expired, _expire)
    each(_without_a_draft, _draft)
    each(freshness.grown_old, freshness.look_again)
    each(freshness.out_for_long, freshness.still_there)
    each(calling.waiting, calling.call)


def _expired(session: Session) -> list[int]:
    """Confirmed incidents all of whose alerts, let out or waiting, have run out; and drafts that ran out elsewhere."""
    live = exists().where(Alert.incident_id == Incident.id, Alert.expires_at > now())
    over = select(Incident.id).where(Incident.state == IncidentState.CONFIRMED, ~live)
    over = over.where(exists().where(Alert.incident_id == Incident.id))
    stale = select(Alert.incident_id).where(Alert.pending, Alert.expires_at <= now())
    return sorted({*session.scalars(over), *session.scalars(stale)})


def _expire(session: Session, incident: Incident) -> None:
    """It ends; whoever was told read until when it holds, and whoever told us hears what came of it."""
    waiting = select(Alert).where(Alert.incident_id == incident.id, Alert.pending, Alert.expires_at <= now())
    for alert in session.scalars(waiting):
        compose.withdraw(session, alert, "expired")
    live = select(Alert.id).where(Alert.incident_id == incident.id, Alert.expires_at > now())
    if incident.state is not IncidentState.CONFIRMED or session.scalar(live.limit(1)) is not None:
        return
    why = "expired" if told.alerts(session, incident) else "never_released"
    closing.close(session, incident, IncidentState.ENDED, None, why)
    outcomes.tell(session, incident)


def _without_a_draft(session: Session) -> list[int]:
    """Confirmed, and whoever confirmed it was cut off before the alert was drafted."""
    any_alert = exists().where(Alert.incident_id == Incident.id)
    return list(session.scalars(select(Incident.id).where(Incident.state == IncidentState.CONFIRMED, ~any_alert)))


def _draft(session: Session, incident: Incident) -> None:
    standing = verdicts.live_confirmation(session, incident)
    if standing is not None:
        desk.follow(session, incident, session.get_one(Person, standing.person_id))
