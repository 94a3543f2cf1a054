"""How is an alert taken back? One person stops what has not left and says that we doubt it; "we were wrong" takes two."""

from sqlalchemy.orm import Session

from bot.alerts import compose, told
from bot.alerts.models import Alert
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.states import STEPS, IncidentState
from bot.moderation import verdicts
from bot.outbox import fuse, halting
from bot.outbox.models import Kind
from bot.people.models import Person
from bot.privacy import audit
from messages import catalog


class CorrectionRefused(compose.ProposalRefused):
    """Nothing was told, or what it was instead is none of our words for it."""


def halt_and_doubt(session: Session, incident: Incident, person: Person) -> Alert:
    """Stop every unsent copy and send the fixed doubt to whoever may have got one. Twice is once. Raises `CorrectionRefused`."""
    hold(session, incident)
    if not told.alerts(session, incident):
        raise CorrectionRefused("alerts.refused_nothing_told")
    latest = told.latest(session, incident)
    if latest is not None and latest.kind is Kind.DOUBT:
        return latest
    halt_unsent(session, incident, "doubted")
    compose.withdraw_all(session, incident, "doubted", (Kind.ALERT, Kind.UPDATE, Kind.OVER))
    if incident.state is IncidentState.CONFIRMED:
        verdicts.dispute(session, incident, person.id, "doubted")
    doubt = compose.propose(session, incident, Kind.DOUBT, person)
    words = fuse.words_of(doubt.broadcast)
    try:
        fuse.release(session, doubt.broadcast, first=person, second=None, incident_id=incident.id, words=words)
    except fuse.ReleaseRefused:  # a hand in the database changed what was let out: no copy of that leaves either
        raise CorrectionRefused("alerts.refused_tampered") from None
    doubt.pending = False
    audit.record(session, "alert.doubted", f"incident:{incident.id}", person.id)
    session.flush()
    return doubt


def propose_correction(session: Session, incident: Incident, person: Person, was: str) -> Alert:
    """Draft "we were wrong" with what it was; another person of another line releases it. Unsent copies stop at once."""
    hold(session, incident)
    if not told.alerts(session, incident) or IncidentState.RETRACTED not in STEPS.get(incident.state, ()):
        raise CorrectionRefused("alerts.refused_nothing_told")
    if f"outcomes.was_{was}" not in catalog.keys("outcomes"):
        raise CorrectionRefused("alerts.refused_was_unknown")
    halt_unsent(session, incident, "correction_proposed")
    return compose.propose(session, incident, Kind.CORRECTION, person, was=was)


def halt_unsent(session: Session, incident: Incident, why: str) -> int:
    """Copies that say it is so and have not left do not leave; how many were dropped."""
    return sum(halting.halt(session, alert.broadcast_id, why) for alert in told.alerts(session, incident))
