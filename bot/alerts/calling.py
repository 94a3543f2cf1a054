"""A draft waits for its second person: who is called, by text? One after the other, and a text only calls them to the console.

Nobody is called for what they would be refused: what was seen too long ago is asked again first (`freshness`).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert, ReleaseTurn
from bot.alerts.reachability import calls, calls_for, turns
from bot.clock import ago, now
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import choices, paging, questions
from bot.moderation.asking_models import Asked
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.outbox.models import Kind
from bot.people.models import Person
from bot.people.shifts import can_be_texted
from bot.settings import settings

SAYS_SO = (Kind.ALERT, Kind.UPDATE)


def waiting(session: Session) -> list[int]:
    """Incidents with a draft that waits for its second person."""
    drafts = select(Alert.incident_id).where(Alert.pending, Alert.expires_at > now()).distinct()
    return list(session.scalars(drafts.order_by(Alert.incident_id)))


def call(session: Session, incident: Incident) -> list[Person]:
    """Call whoever is next for each draft of it, if it is time. Asked again, it calls nobody twice."""
    drafts = session.scalars(select(Alert).where(Alert.incident_id == incident.id, Alert.pending).order_by(Alert.id))
    return [person for draft in drafts if (person := call_next(session, draft)) is not None]


def call_next(session: Session, alert: Alert) -> Person | None:
    """The next one for this draft, if it is time."""
    if not can_be_released(alert):
        return None
    listed = turns(session, alert)
    if not any(turn.has_phone for turn in listed):
        _say_nobody(session, alert.incident)
    due = [turn for turn in listed if turn.next_at is not None and turn.next_at <= now()]
    first = min(due, key=lambda turn: turn.paged_at is not None, default=None)
    return page(session, alert, first.person) if first is not None else None


def page(session: Session, alert: Alert, person: Person) -> Person | None:
    """Call this one, in turn or (from the console) out of it. `None` when no text can reach them."""
    minutes, incident = settings().alert_minutes, alert.incident
    if not can_be_texted(person):
        return None
    choices.close(session, incident=incident, person=person, acts=(choices.CANNOT_RELEASE,))
    text(
        session,
        person,
        f"pages.release_{'alert' if alert.kind in SAYS_SO else alert.kind}",
        reason=Reason.ALARM,
        minutes=minutes,
        code=incident.code,
        place=spoken(incident, person.language),
        host=settings().public_host,
        cannot=choices.give(session, person, choices.CANNOT_RELEASE, incident=incident, minutes=minutes),
    )
    session.add(ReleaseTurn(alert_id=alert.id, person_id=person.id, paged_at=now()))
    session.flush()
    return person


def decline(session: Session, incident: Incident, person: Person) -> None:
    """They cannot: the next one is called at once."""
    called = []
    for draft in session.scalars(select(Alert).where(Alert.incident_id == incident.id, Alert.pending)):
        for mine in session.scalars(calls_for(draft).where(ReleaseTurn.person_id == person.id)):
            mine.declined_at = mine.declined_at or now()
        session.flush()
        called += [call_next(session, draft)]
    text(session, person, "pages.declined" if any(called) else "pages.declined_thanks")


def was_called_lately(session: Session, alert: Alert, person: Person) -> bool:
    """They have had no time to answer yet: a page a moment is no page."""
    last = calls(session, alert).get(person.id)
    return last is not None and last.paged_at > ago(minutes=settings().release_turn_minutes)


def can_be_released(alert: Alert) -> bool:
    """Nobody is called for what they would be refused."""
    incident = alert.incident
    if not alert.pending or alert.expires_at <= now():
        return False
    if alert.kind not in SAYS_SO:
        return True
    fresh = incident.seen_at is not None and incident.seen_at >= ago(minutes=settings().finding_fresh_minutes)
    return fresh and incident.state is IncidentState.CONFIRMED


def _say_nobody(session: Session, incident: Incident) -> None:
    """Nobody who could release it has a phone with us: those who watch hear it, once, and may know how to reach somebody."""
    for person in paging.watchers(session, paging.WATCHERS):
        if not questions.of(session, incident, Asked.NOBODY_RELEASES, person):
            questions.keep(session, incident, person, Asked.NOBODY_RELEASES)
            place = spoken(incident, person.language)
            text(session, person, "pages.nobody_releases", reason=Reason.ALARM, place=place, code=incident.code)
