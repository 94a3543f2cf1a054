"""What is true? The corroboration rule (docs/truth.md), first in words, then as guard clauses.

- Only what trained people saw on the spot is counted. Reports order the queue; however many, they confirm nothing.
- What counts is each person's last look, made within `DISPUTE_MINUTES` of the newest one and in this round (a new witness
  begins a new round: what was not there before may be there now).
- A yes and a no among these is **disputed**: nothing goes out, and somebody senior looks. A dispute is settled by what is
  seen after it began, by a senior verifier or by two people who agree.
- **Confirmed**: immigration agents, with what identified them. It is that one person's word, written down as such; it
  lets nothing out without a second person's release.
- **Debunked**: somebody says what it was instead. Seeing nobody is **not seen**, with its time, and never more than that.
- Unsure, twice: **unverifiable**. Unsure, once: somebody else looks.
- Gone, before anybody was told: from whoever confirmed it, it is over; from anybody else, a dispute.
- A confirmation is **taken back** by whoever says what it was instead, however late: who confirmed it and was told to nobody ends
  it at once; anything else is a dispute.
- What is closed opens again when it is **seen after all**, also what ended and was told to nobody; what was seen before it closed
  confirms and ends nothing by itself (`reopening`).
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold
from bot.incidents.models import Incident, IncidentStep
from bot.incidents.opening import witnessed_at
from bot.incidents.states import IncidentState
from bot.incidents.told import was_told
from bot.moderation import claims, closing, findings, paging, reopening
from bot.moderation.models import Confirmation, Finding, Saw
from bot.moderation.reopening import void_confirmations
from bot.privacy import audit
from bot.settings import settings

NO = (Saw.OTHER_POLICE, Saw.SOMETHING_ELSE, Saw.NOBODY)
SOMETHING_ELSE = (Saw.OTHER_POLICE, Saw.SOMETHING_ELSE)
TAKEN_BACK = "taken_back"
A_YES_AND_A_NO = "a_yes_and_a_no"
S = IncidentState


def judge(session: Session, incident: Incident) -> IncidentState | None:
    """Apply the rule to what was found. The state it led to, or `None` when nothing changed."""
    hold(session, incident)
    if incident.state not in (S.VERIFYING, S.DISPUTED, S.CONFIRMED):
        return None
    looks = _looks_that_count(session, incident)
    if not looks:
        return None
    newest = looks[0]
    if reopening.is_of_an_earlier_round(session, incident, newest):
        return None
    if _disagree(looks):
        return _dispute(session, incident, newest)
    if incident.state is S.DISPUTED and not _settles(looks):
        return None
    return _agreed(session, incident, newest)


def _agreed(session: Session, incident: Incident, newest: Finding) -> IncidentState | None:
    """Nobody contradicts the newest look: what does it make of the incident?"""
    if newest.saw is Saw.IMMIGRATION:
        return _confirm(session, incident, newest)
    if incident.state is S.CONFIRMED and newest.saw in SOMETHING_ELSE:
        return _taken_back(session, incident, newest)
    if incident.state is S.CONFIRMED:
        return _gone(session, incident, newest)
    if newest.saw in SOMETHING_ELSE:
        return _debunked(session, incident, newest)
    if newest.saw in (Saw.NOBODY, Saw.GONE):
        return closing.close(session, incident, S.NOT_SEEN, newest.person_id, newest.saw)
    return _unsure(session, incident, newest)


def _taken_back(session: Session, incident: Incident, newest: Finding) -> IncidentState:
    """It was confirmed, and it is something else. Only where it is one person's word against nobody's does it end at once."""
    standing = live_confirmation(session, incident)
    if standing is None or standing.person_id != newest.person_id or was_told(session, incident):
        return dispute(session, incident, newest.person_id, TAKEN_BACK)
    incident.becomes(session, S.DISPUTED, newest.person_id, TAKEN_BACK)
    void_confirmations(session, incident)
    return _debunked(session, incident, newest)


def _gone(session: Session, incident: Incident, newest: Finding) -> IncidentState | None:
    """Of what was told, or by whoever saw it, that is the second person's to tell, or its end: `alerts.desk`. Anybody else's word
    against a yes that nobody was told of ends nothing by itself; nor does "nobody there" where who said yes can no longer tell.
    """
    standing = live_confirmation(session, incident)
    theirs = standing is not None and standing.person_id == newest.person_id
    if newest.saw not in findings.NOT_THERE or theirs:
        return None
    if newest.saw is Saw.NOBODY and is_unsure_since(session, incident) and _is_lately_said(session, standing, newest):
        return dispute(session, incident, newest.person_id, A_YES_AND_A_NO)
    return None if was_told(session, incident) else dispute(session, incident, newest.person_id, "gone_says_another")


def _is_lately_said(session: Session, yes: Confirmation | None, no: Finding) -> bool:
    """Near enough in time to contradict each other."""
    seen = session.get(Finding, yes.finding_id) if yes is not None else None
    return seen is not None and no.found_at - seen.found_at <= dt.timedelta(minutes=settings().dispute_minutes)


def _debunked(session: Session, incident: Incident, newest: Finding) -> IncidentState:
    incident.was = newest.was
    return closing.close(session, incident, S.DEBUNKED, newest.person_id, newest.saw)


def taken_back_by(session: Session, incident: Incident) -> Finding | None:
    """While disputed because somebody says what it was instead: their look."""
    step = session.get(IncidentStep, (incident.id, incident.step))
    if incident.state is not S.DISPUTED or step is None or step.why != TAKEN_BACK:
        return None
    looks = findings.of(session, incident, witnessed_at(session, incident))
    theirs = [one for one in looks if one.person_id == step.person_id and one.saw in SOMETHING_ELSE and one.was]
    return theirs[-1] if theirs else None


def live_confirmation(session: Session, incident: Incident) -> Confirmation | None:
    """On whose eyes it stands now."""
    standing = select(Confirmation).where(Confirmation.incident_id == incident.id, Confirmation.void_at.is_(None))
    return session.scalars(standing.order_by(Confirmation.id.desc())).first()


def is_unsure_since(session: Session, incident: Incident) -> bool:
    """Whoever it stands on said later that they cannot tell: then it waits for another look, however fresh theirs was."""
    standing = live_confirmation(session, incident)
    if standing is None:
        return False
    said = [one for one in findings.of(session, incident) if findings.is_conclusive(one)]
    theirs = [one for one in said if one.person_id == standing.person_id]
    return bool(theirs) and theirs[-1].saw is Saw.UNSURE


def dispute(session: Session, incident: Incident, person_id: int, why: str) -> IncidentState:
    """It is in doubt: its confirmation ends, and somebody senior is asked to look."""
    if incident.state is not S.DISPUTED:
        incident.becomes(session, S.DISPUTED, person_id, why)
        void_confirmations(session, incident)
        paging.page_senior(session, incident)
    return S.DISPUTED


def _looks_that_count(session: Session, incident: Incident) -> list[Finding]:
    """Each person's last conclusive look, newest first."""
    since = disputed_at(session, incident) or witnessed_at(session, incident)
    said = [one for one in findings.of(session, incident, since) if findings.is_conclusive(one)]
    last = {one.person_id: one for one in said}
    looks = sorted(last.values(), key=lambda one: (one.found_at, one.id), reverse=True)
    span = dt.timedelta(minutes=settings().dispute_minutes)
    return [one for one in looks if looks[0].found_at - one.found_at <= span]


def disputed_at(session: Session, incident: Incident) -> dt.datetime | None:
    """While disputed: since when. What was seen before is what the dispute is about."""
    if incident.state is not S.DISPUTED:
        return None
    step = session.get(IncidentStep, (incident.id, incident.step))
    return step.at if step else None


def _disagree(looks: list[Finding]) -> bool:
    return any(one.saw is Saw.IMMIGRATION for one in looks) and any(one.saw in NO for one in looks)


def _dispute(session: Session, incident: Incident, newest: Finding) -> IncidentState | None:
    if incident.state is S.DISPUTED:
        return None
    return dispute(session, incident, newest.person_id, A_YES_AND_A_NO)


def _settles(looks: list[Finding]) -> bool:
    """By whoever says the same as the newest look: a senior who cannot tell has settled nothing."""
    same = [one for one in looks if one.saw is looks[0].saw]
    return any(one.person.senior for one in same) or len(same) >= 2


def _confirm(session: Session, incident: Incident, finding: Finding) -> IncidentState | None:
    standing = live_confirmation(session, incident)
    if standing is not None and standing.finding_id == finding.id:
        return None
    void_confirmations(session, incident)
    session.add(
        Confirmation(
            incident_id=incident.id,
            person_id=finding.person_id,
            person_line=finding.person_line,
            finding_id=finding.id,
            confirmed_at=now(),
        )
    )
    incident.uniform, incident.was = finding.uniform, None
    session.flush()
    audit.record(session, "confirmed", f"incident:{incident.id}", finding.person_id)
    if incident.state is not S.CONFIRMED:
        incident.becomes(session, S.CONFIRMED, finding.person_id, "seen")
    return S.CONFIRMED


def _unsure(session: Session, incident: Incident, newest: Finding) -> IncidentState | None:
    unsure = [one for one in findings.of(session, incident, witnessed_at(session, incident)) if one.saw is Saw.UNSURE]
    if len(unsure) >= 2:
        return closing.close(session, incident, S.UNVERIFIABLE, newest.person_id, "unsure_twice")
    if incident.state is S.VERIFYING and not claims.holders(session, incident):
        incident.becomes(session, S.UNCONFIRMED, newest.person_id, "unsure")
        paging.widen(session, incident)
        return S.UNCONFIRMED
    return None
