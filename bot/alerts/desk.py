"""A volunteer says what they saw: what follows? It is kept and judged, reporters hear, and what is to be said is drafted.

The one door for the console and the phone alike; nothing else connects a finding with an alert.
"""

from sqlalchemy.orm import Session

from bot.alerts import calling, compose, correction, told
from bot.alerts.models import Alert
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState, StepRefused
from bot.moderation import asking, caring, closing, findings, outcomes, questions, trial, verdicts
from bot.moderation.asking_models import Asked
from bot.moderation.models import Finding, Saw
from bot.moderation.texting import text
from bot.outbox.models import BroadcastState, Kind
from bot.people.models import Person

S = IncidentState


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
    caring.heard(session, person, wait=False)
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
        _disputed(session, incident)
    elif incident.state is S.DEBUNKED:
        correction.propose_correction(session, incident, person, incident.was or "something_else")
    calling.call(session, incident)


def _confirmed(session: Session, incident: Incident, person: Person, *, said: bool) -> None:
    look = findings.there_or_gone(session, incident)
    gone = look is not None and look.saw in findings.NOT_THERE
    latest = told.latest(session, incident)
    if not gone:
        _seen_after_all(session, incident)
    if gone and said:
        compose.propose(session, incident, Kind.OVER, person)
    elif gone:
        compose.withdraw_all(session, incident, "gone_before_it_was_told")
        closing.close(session, incident, S.ENDED, person.id, "gone_before_it_was_told")
    elif not said:
        compose.propose(session, incident, Kind.ALERT, person)
    else:
        compose.withdraw_all(session, incident, "still_there", (Kind.OVER,))
        if latest is not None and (_is_in_doubt(latest) or compose.is_renewed_by(session, incident, latest)):
            compose.propose(session, incident, Kind.UPDATE, person)


def _is_in_doubt(latest: Alert) -> bool:
    """Said so by us, or stopped on its way: whoever got it is owed that it was seen again."""
    return latest.kind is Kind.DOUBT or latest.broadcast.state is BroadcastState.HALTED


def _seen_after_all(session: Session, incident: Incident) -> None:
    """What was to be taken back has been seen again since: that draft is older than the look it would deny."""
    waiting = compose.pending(session, incident, Kind.CORRECTION)
    standing = verdicts.live_confirmation(session, incident)
    if waiting is not None and standing is not None and standing.confirmed_at > waiting.created_at:
        compose.withdraw(session, waiting, "seen_after_all")


def _disputed(session: Session, incident: Incident) -> None:
    """Told, and in doubt: copies that have not left stop. Who says what it was instead has drafted the correction with that."""
    compose.withdraw_all(session, incident, "disputed", (Kind.ALERT, Kind.UPDATE, Kind.OVER))
    correction.halt_unsent(session, incident, "disputed")
    look = verdicts.taken_back_by(session, incident)
    if look is not None and look.was is not None and compose.pending(session, incident, Kind.CORRECTION) is None:
        correction.propose_correction(session, incident, session.get_one(Person, look.person_id), look.was)


def _answer(
    session: Session, incident: Incident, person: Person, finding: Finding, verdict: IncidentState | None
) -> None:
    """What the volunteer hears back: the next question, or that they can go."""
    if finding.saw is Saw.UNSAFE:
        _unsafe(session, incident, person)
    elif not findings.is_conclusive(finding):
        ask = asking.what_says_so if finding.saw is Saw.IMMIGRATION else asking.what_was_it
        ask(session, incident, person)
    elif finding.shadow:
        trial.thank(session, finding, person)
    elif incident.state is S.DISPUTED:
        text(session, person, "pages.differs_told" if told.alerts(session, incident) else "pages.differs")
        asking.what_is_there(session, incident, person)
    elif incident.state is S.CONFIRMED and finding.saw is Saw.IMMIGRATION:
        waits = compose.pending(session, incident, Kind.ALERT) or compose.pending(session, incident, Kind.UPDATE)
        (asking.still_there if waits else asking.when_gone)(session, incident, person)
    elif incident.is_open:
        key = "pages.somebody_else_looks" if verdict is S.UNCONFIRMED else "pages.noted"
        text(session, person, key)


def _unsafe(session: Session, incident: Incident, person: Person) -> None:
    """Said only of who was told: nobody leaves in the belief that somebody knows."""
    told = caring.tell(session, person, "pages.unsafe_watch", incident=incident)
    text(session, person, "pages.unsafe" if told else "pages.unsafe_nobody")


def ask_again(session: Session, incident: Incident) -> bool:
    """Asked for by hand: whoever confirmed is asked whether it is still so. False when no text reaches them. The clock asks by
    itself as well (`freshness`).
    """
    standing = verdicts.live_confirmation(session, incident)
    person = session.get(Person, standing.person_id) if standing else None
    if person is None or person.revoked_at is not None or not asking.reaches(person):
        return False
    questions.keep(session, incident, person, Asked.LOOK_AGAIN)
    asking.look_again(session, incident, person)
    return True
