"""Somebody sees it after all: which closed incident is open again by that, and what does it stand on no more?"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident, IncidentStep
from bot.incidents.opening import SEEN_AGAIN, reopen
from bot.incidents.states import REOPENED_BY_A_REPORT, IncidentState
from bot.incidents.told import was_told
from bot.moderation.models import Confirmation, Finding, Saw

S = IncidentState
CLOSED = (*REOPENED_BY_A_REPORT, S.ENDED)


def takes_looks(session: Session, incident: Incident) -> bool:
    """Whether what is seen now may still be about this. What is over and was told stays as it was told."""
    if incident.state is S.ENDED:
        return not was_told(session, incident)
    return incident.state not in (S.RETRACTED, S.MERGED)


def seen_after_all(session: Session, incident: Incident, finding: Finding) -> None:
    """A closed question is open again. What confirmed it before is history: only a new look lets anything out."""
    if finding.saw is Saw.IMMIGRATION and incident.state in CLOSED and takes_looks(session, incident):
        void_confirmations(session, incident)
        reopen(session, incident, SEEN_AGAIN, finding.person_id)


def void_confirmations(session: Session, incident: Incident) -> None:
    """A dispute, a doubt, a fresher look or a new round: what it stood on can release nothing any more."""
    standing = update(Confirmation).where(Confirmation.incident_id == incident.id, Confirmation.void_at.is_(None))
    session.execute(standing.values(void_at=now()).execution_options(synchronize_session="fetch"))


def is_of_an_earlier_round(session: Session, incident: Incident, finding: Finding) -> bool:
    """It was made before the incident was last closed: it may contradict a later look, and decides nothing by itself."""
    closings = select(IncidentStep.at).where(IncidentStep.incident_id == incident.id, IncidentStep.after.in_(CLOSED))
    closed_at = session.scalar(closings.order_by(IncidentStep.seq.desc()).limit(1))
    if closed_at is None or finding.found_at > closed_at:
        return False
    later = select(Finding.id).where(Finding.incident_id == incident.id, Finding.id > finding.id)
    return session.scalar(later.limit(1)) is not None
