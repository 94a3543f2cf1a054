"""A volunteer says what they saw: what follows? It is kept and judged, reporters hear, and what is to be said is drafted.

The one door for the console and the phone alike; nothing else connects a finding with an alert.
"""

from sqlalchemy.orm import Session

from bot.alerts import compose, correction, told
from bot.incidents.models import Incident, IncidentState, StepRefused
from bot.incidents.places import spoken
from bot.moderation import asking, closing, findings, outcomes, paging, verdicts
from bot.moderation.models import Finding, Saw
from bot.moderation.texting import text
from bot.outbox.models import Kind, Reason
from bot.people.models import Person, Role

S = IncidentState
CARERS = (Role.COORDINATOR, Role.DISPATCHER)


def found(
    session: Session,
    incident: Incident,
    person: Person,
    saw: Saw,
    words: str = "",
    *,
    uniform: str = "",
    was: str | None = None,
) -> Finding:
    """Keep a finding, judge, tell the reporters, draft what follows, and ask the volunteer what is still missing.

    Raises `FindingRefused` when the incident is over.
    """
    finding = findings.find(session, incident, person, saw, words, uniform=uniform, was=was)
    try:
        verdict = verdicts.judge(session, incident)
    except StepRefused:  # somebody stepped first, and their step stands
        verdict = None
    follow(session, incident, person)
    _answer(session, incident, person, finding, verdict)
    outcomes.tell(session, incident)
    return finding


def follow(session: Session, incident: Incident, person: Person) -> None:
    """Draft what the incident's state calls for: the alert, its update after a doubt, `over`, or the correction."""
    out = told.alerts(session, incident)
    if incident.state is S.CONFIRMED:
        _confirmed(session, incident, person, said=bool(out))
    elif not out:
        compose.withdraw_all(session, incident, "no_longer_confirmed")
    elif incident.state is S.DISPUTED:
        compose.withdraw_all(session, incident, "disputed", (Kind.ALERT, Kind.UPDATE, Kind.OVER))
    elif incident.state is S.DEBUNKED:
        correction.propose_correction(session, incident, person, incident.was or "something_else")


def _confirmed(session: Session, incident: Incident, person: Person, *, said: bool) -> None:
    gone = findings.of(session, incident)[-1].saw in (Saw.GONE, Saw.NOBODY)
    latest = told.latest(session, incident)
    if gone and said:
        compose.propose(session, incident, Kind.OVER, person)
    elif gone:
        compose.withdraw_all(session, incident, "gone_before_it_was_told")
        closing.close(session, incident, S.ENDED, person.id, "gone_before_it_was_told")
    elif not said:
        compose.propose(session, incident, Kind.ALERT, person)
    else:
        compose.withdraw_all(session, incident, "still_there", (Kind.OVER,))
        if latest is not None and latest.kind is Kind.DOUBT:
            compose.propose(session, incident, Kind.UPDATE, person)


def _answer(
    session: Session, incident: Incident, person: Person, finding: Finding, verdict: IncidentState | None
) -> None:
    """What the volunteer hears back: the next question, or that they can go."""
    if finding.saw is Saw.UNSAFE:
        _unsafe(session, incident, person)
    elif not findings.is_conclusive(finding):
        ask = asking.what_says_so if finding.saw is Saw.IMMIGRATION else asking.what_was_it
        ask(session, incident, person)
    elif incident.state is S.DISPUTED:
        text(session, person, "pages.differs")
        asking.what_is_there(session, incident, person)
    elif incident.state is S.CONFIRMED and finding.saw is Saw.IMMIGRATION:
        asking.still_there(session, incident, person)
    elif incident.is_open:
        key = "pages.somebody_else_looks" if verdict is S.UNCONFIRMED else "pages.noted"
        text(session, person, key)


def _unsafe(session: Session, incident: Incident, person: Person) -> None:
    text(session, person, "pages.unsafe")
    for other in paging.watchers(session, CARERS):
        if other.id != person.id:
            place = spoken(incident, other.language)
            text(session, other, "pages.unsafe_watch", reason=Reason.ALARM, person=person.name, place=place)


def ask_again(session: Session, incident: Incident) -> bool:
    """The finding grew old while it waited: ask whoever confirmed whether it is still so. False when no text reaches them."""
    standing = verdicts.live_confirmation(session, incident)
    person = session.get(Person, standing.person_id) if standing else None
    if person is None or person.revoked_at is not None or not asking.reaches(person):
        return False
    asking.look_again(session, incident, person)
    return True
