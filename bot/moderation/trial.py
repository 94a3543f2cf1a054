"""A new verifier's first looks: kept, compared with what it came to be, and not counted. When does that end, and who says so?

A look like that is somebody looking, no less; what it cannot do is confirm or end anything (the database refuses a confirmation
on it). So a second verifier is asked at once. After `TRIAL_FINDINGS` looks a coordinator, who sees how often they agreed, may
end the trial. Founders, seniors and whoever was here before are on none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, paging, reopening
from bot.moderation.models import Confirmation, Finding, Saw
from bot.moderation.refusals import Refused
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.settings import settings

S = IncidentState
ELSE = (Saw.OTHER_POLICE, Saw.SOMETHING_ELSE)
COMES_TO = {Saw.IMMIGRATION: "confirmed", Saw.NOBODY: "nobody", Saw.GONE: "nobody"} | dict.fromkeys(ELSE, "else")


class TrialRefused(Refused):
    """It does not end now, or not by this person."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a new verifier's looks compare so far."""

    person: Person
    looks: int
    compared: int
    """Those whose incident came to a verdict without them."""
    agreed: int

    @property
    def may_end(self) -> bool:
        return self.looks >= settings().trial_findings


def is_shadow(person: Person, saw: Saw) -> bool:
    """Whether this look is compared, not counted. "I am leaving, it is unsafe" is no vote."""
    return person.is_on_trial and not person.senior and saw is not Saw.UNSAFE


def after_a_look(session: Session, incident: Incident, finding: Finding) -> None:
    """They looked; others are asked as well, at once."""
    reopening.seen_after_all(session, incident, finding)
    if incident.state is S.VERIFYING and not claims.holders(session, incident):
        incident.becomes(session, S.UNCONFIRMED, finding.person_id, "shadow_look")
        paging.page_again(session, incident)
    if incident.state is S.UNCONFIRMED:
        paging.widen(session, incident)


def looks(session: Session, person: Person) -> int:
    """At how many places they looked: what is said of one, however often, is one look."""
    theirs = select(func.count(Finding.incident_id.distinct())).where(Finding.person_id == person.id, Finding.shadow)
    return session.scalar(theirs) or 0


def thank(session: Session, finding: Finding, person: Person) -> None:
    """Which of their first looks it was; after the last of them who decides hears it, once."""
    count, enough = looks(session, person), settings().trial_findings
    if count < enough:
        text(session, person, "pages.shadow_noted", number=count, of=enough)
        return
    text(session, person, "pages.shadow_done", of=enough)
    here = select(func.count()).where(
        Finding.person_id == person.id, Finding.shadow, Finding.incident_id == finding.incident_id
    )
    if count == enough and session.scalar(here) == 1:
        for other in paging.watchers(session, (Role.COORDINATOR,), but=person):
            values = {"person": person.name, "of": enough, "host": settings().public_host}
            text(session, other, "pages.trial_watch", reason=Reason.ALARM, values=values)


def of(session: Session, person: Person) -> Trial:
    """How it goes."""
    theirs = select(Finding).where(Finding.person_id == person.id, Finding.shadow).order_by(Finding.id)
    found = {one.incident_id: one for one in session.scalars(theirs) if _says_all(one)}.values()
    came = {one.id: _came_to(session, one.incident_id) for one in found}
    compared = [one for one in found if came[one.id] is not None and one.saw in COMES_TO]
    agreed = sum(COMES_TO[one.saw] == came[one.id] for one in compared)
    return Trial(person, looks(session, person), len(compared), agreed)


def _says_all(finding: Finding) -> bool:
    """What is half said is asked for again, and the answer is what counts."""
    if finding.saw is Saw.IMMIGRATION:
        return finding.uniform != "unknown"
    return finding.saw is not Saw.SOMETHING_ELSE or finding.was is not None


def running(session: Session) -> Sequence[Trial]:
    """Everybody who is on trial, by name."""
    new = select(Person).where(Person.trial_began_at.is_not(None), Person.trial_ended_at.is_(None))
    people = session.scalars(new.where(Person.revoked_at.is_(None)).order_by(Person.name))
    return [of(session, person) for person in people]


def end(session: Session, person: Person, by: Person) -> None:
    """From here on their looks count. Raises `TrialRefused`."""
    if by.role is not Role.COORDINATOR or by.revoked_at is not None or by.id == person.id:
        raise TrialRefused("console.trial.not_yours")
    if not person.is_on_trial:
        raise TrialRefused("console.trial.over")
    if not of(session, person).may_end:
        raise TrialRefused("console.trial.too_few", count=settings().trial_findings)
    person.trial_ended_at, person.trial_ended_by_id = now(), by.id
    session.flush()
    audit.record(session, "trial.ended", f"person:{person.id}", by.id)
    text(session, person, "pages.trial_over", reason=Reason.ALARM)


def _came_to(session: Session, incident_id: int) -> str | None:
    """What it was by the looks that count; `None` while, or where, nobody could say."""
    incident = session.get_one(Incident, incident_id)
    if incident.state in (S.DEBUNKED, S.RETRACTED) and incident.was is not None:
        return "else"
    stands = select(Confirmation.id).where(Confirmation.incident_id == incident_id, Confirmation.void_at.is_(None))
    if session.scalar(stands.limit(1)) is not None:
        return "confirmed"
    return "nobody" if incident.state is S.NOT_SEEN else None
