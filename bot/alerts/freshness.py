"""Is it still so? Asked again before an old look lets anything out, and of every alert that is out.

Whoever saw it is asked first, then the next near. Where two do not answer of an alert that is out, it is only "last seen at" to
all who ask, until somebody looks again. Nobody is sent anywhere: "only from where you stand safely".
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import told
from bot.alerts.models import Alert
from bot.clock import ago, now
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import asking, findings, nearness, questions, verdicts
from bot.moderation.asking_models import Asked, Question
from bot.moderation.models import Saw
from bot.outbox.models import Kind, Release
from bot.people.models import Person
from bot.people.shifts import can_be_texted, on_shift
from bot.privacy import audit
from bot.settings import settings

SAYS_SO = (Kind.ALERT, Kind.UPDATE)
TWICE = 2


def grown_old(session: Session) -> list[int]:
    """Confirmed, waiting for a second person, and seen too long ago to be let out."""
    old = ago(minutes=settings().finding_fresh_minutes)
    waits = select(Alert.incident_id).where(Alert.pending, Alert.kind.in_(SAYS_SO), Alert.expires_at > now())
    stale = select(Incident.id).where(Incident.id.in_(waits), Incident.state == IncidentState.CONFIRMED)
    return list(session.scalars(stale.where(Incident.seen_at < old).order_by(Incident.id)))


def look_again(session: Session, incident: Incident) -> bool:
    """Ask whoever can say whether it is still so, one after the other. False when nobody can be asked now."""
    fresh = settings().finding_fresh_minutes
    if incident.state is not IncidentState.CONFIRMED or incident.was_seen_within(fresh):
        return False
    since = max(incident.seen_at or incident.opened_at, ago(minutes=fresh))
    return _ask_in_turn(session, incident, Asked.LOOK_AGAIN, since)


def out_for_long(session: Session) -> list[int]:
    """Of which an alert is out, let go or seen so long ago that it should be asked whether it is still so."""
    long_ago = ago(minutes=settings().still_there_minutes)
    out = (
        select(Alert.incident_id)
        .join(Release, Release.broadcast_id == Alert.broadcast_id)
        .where(Alert.kind.in_(SAYS_SO), Alert.expires_at > now(), Release.released_at <= long_ago)
    )
    confirmed = select(Incident).where(Incident.id.in_(out), Incident.state == IncidentState.CONFIRMED)
    return [
        one.id for one in session.scalars(confirmed.order_by(Incident.id)) if _asked_since(session, one) is not None
    ]


def still_there(session: Session, incident: Incident) -> None:
    """`Is it still so?`, asked of two; when neither says, it is only "last seen" from now on."""
    since = _asked_since(session, incident)
    if since is None or _ask_in_turn(session, incident, Asked.STILL_THERE, since):
        return
    incident.quiet_since = now()
    audit.record(session, "incident.quiet", f"incident:{incident.id}", None)
    session.flush()


def _asked_since(session: Session, incident: Incident) -> dt.datetime | None:
    """Since when it is to be asked; `None` while what was said is young, or where nothing that holds is out."""
    latest = told.latest(session, incident)
    if incident.state is not IncidentState.CONFIRMED or latest is None or latest.kind not in SAYS_SO:
        return None
    out = told.release_of(session, latest)
    if out is None or latest.expires_at <= now():
        return None
    last_word = max(one for one in (out.released_at, incident.looked_at, incident.quiet_since) if one is not None)
    due = last_word + dt.timedelta(minutes=settings().still_there_minutes)
    return due if due <= now() else None


def _ask_in_turn(session: Session, incident: Incident, kind: Asked, since: dt.datetime) -> bool:
    """True while an answer may come. Each is asked once; where there is only one, they are asked twice."""
    asked = questions.of(session, incident, kind, since=since)
    if asked and _may_still_answer(session, incident, asked[-1]):
        return True
    if len(asked) >= TWICE:
        return False
    known = {question.person_id for question in asked}
    able = who_could_say(session, incident)
    person = next((one for one in able if one.id not in known), next(iter(able), None))
    if person is None:
        return False
    questions.keep(session, incident, person, kind)
    asking.look_again(session, incident, person)
    return True


def who_could_say(session: Session, incident: Incident) -> list[Person]:
    """On shift and with a phone: whoever it stands on, then those who saw it, then the nearest."""
    here = {person.id: person for person in on_shift(session) if can_be_texted(person)}
    standing = verdicts.live_confirmation(session, incident)
    saw = [one.person_id for one in reversed(findings.of(session, incident)) if one.saw is Saw.IMMIGRATION]
    first = [standing.person_id, *saw] if standing else saw
    were_there = [here[id_] for id_ in dict.fromkeys(first) if id_ in here]
    return were_there + nearness.nearest(session, incident, but={person.id for person in were_there})


def _may_still_answer(session: Session, incident: Incident, question: Question) -> bool:
    """They have some minutes; "cannot tell" is an answer that leaves it open."""
    said = findings.of(session, incident, question.asked_at)
    if any(one.person_id == question.person_id and one.saw is Saw.UNSURE for one in said):
        return False
    return question.asked_at > ago(minutes=settings().still_there_answer_minutes)
