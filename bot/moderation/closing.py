"""How does an incident end? Whatever ends it, leases and numbers end with it, and those who looked hear the outcome."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.incidents.told import was_told
from bot.moderation import choices, describing
from bot.moderation.models import Claim, ClaimState, Finding
from bot.moderation.texting import at, text
from bot.people.models import Person
from messages import catalog


def close(
    session: Session, incident: Incident, state: IncidentState, person_id: int | None = None, why: str = ""
) -> IncidentState:
    """Step to a closed state, once. Raises `StepRefused` when somebody else was first."""
    incident.becomes(session, state, person_id, why)
    held = select(Claim).where(Claim.incident_id == incident.id, Claim.state == ClaimState.HELD)
    for claim in session.scalars(held):
        claim.state = ClaimState.DONE
    choices.close(session, incident=incident)
    for person in _who_looked(session, incident):
        _tell(session, incident, person)
    session.flush()
    return state


def _who_looked(session: Session, incident: Incident) -> list[Person]:
    looked = select(Finding.person_id).where(Finding.incident_id == incident.id)
    went = select(Claim.person_id).where(Claim.incident_id == incident.id)
    both = select(Person).where(Person.id.in_(looked) | Person.id.in_(went), Person.revoked_at.is_(None))
    return list(session.scalars(both.order_by(Person.id)))


def _tell(session: Session, incident: Incident, person: Person) -> None:
    key = incident.state.value
    if incident.state is IncidentState.ENDED and not was_told(session, incident):
        key = "unreleased"
    if incident.state in (IncidentState.DEBUNKED, IncidentState.UNVERIFIABLE) and was_told(session, incident):
        key += "_told"
    if incident.state is IncidentState.DEBUNKED and incident.word_of is not None:
        key = "by_word"
    was = catalog.text(f"outcomes.was_{incident.was or 'something_else'}", person.language)
    text(
        session,
        person,
        f"pages.closed_{key}",
        place=spoken(incident, person.language),
        time=at(incident.closed_at or now(), person.language),
        was=was,
        values=describing.source(incident, person.language),
    )
