"""What did one person see there, at one time? A finding is never changed; a second look is a second finding."""

import datetime as dt
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import ago, ahead, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import choices, claims, reopening, trial
from bot.moderation.models import Finding, Saw
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit
from bot.reports import counting
from bot.reports.intake import read, redact
from bot.settings import settings

DOUBLE_CLICK_SECONDS = 60
IDENTIFIES = ("ICE", "HSI", "CBP", "immigration")
"""What a vest, a badge or their own words may say. A mask or a white van says nothing."""
NOT_THERE = (Saw.GONE, Saw.NOBODY)
WITH_EYES = (Saw.IMMIGRATION, Saw.OTHER_POLICE, Saw.SOMETHING_ELSE, Saw.NOBODY, Saw.GONE)


class FindingRefused(Refused):
    """The incident is over and told: what is seen now is another incident."""


def find(
    session: Session,
    incident: Incident,
    person: Person,
    saw: Saw,
    words: str = "",
    *,
    uniform: str = "",
    was: str | None = None,
) -> Finding:
    """Keep what this person saw. The same said twice within a minute is one finding.

    `uniform` is what identified it, when they chose it; else it is read out of their words. `was` says what it was instead.
    Raises `FindingRefused`.
    """
    hold(session, incident)
    if not reopening.takes_looks(session, incident):
        raise FindingRefused("pages.closed_already", place=spoken(incident, person.language))
    finding = Finding(
        incident_id=incident.id,
        person_id=person.id,
        person_line=person.line_id,
        saw=saw,
        mark=secrets.token_hex(4),
        uniform=_identified(saw, uniform, words),
        was=(was or "police") if saw is Saw.OTHER_POLICE else was if saw is Saw.SOMETHING_ELSE else None,
        size=counting.answered(words),
        shadow=trial.is_shadow(person, saw),
        found_at=now(),
    )
    said_already = _just_said(session, finding, redact(words))
    if said_already is not None:
        return said_already
    if words:
        finding.keep(redact(words))
    session.add(finding)
    session.flush()
    _note(session, incident, person, finding)
    audit.record(session, f"finding.{saw}", f"incident:{incident.id}", person.id)
    return finding


def of(session: Session, incident: Incident, since: dt.datetime | None = None) -> list[Finding]:
    """What was found there, oldest first; all of it, or since a moment. Shadow findings and "unsafe" say nothing of it."""
    wanted = [Finding.incident_id == incident.id, Finding.shadow.is_(False), Finding.saw != Saw.UNSAFE]
    wanted += [Finding.found_at >= since] if since else []
    return list(session.scalars(select(Finding).where(*wanted).order_by(Finding.found_at, Finding.id)))


def there_or_gone(session: Session, incident: Incident) -> Finding | None:
    """The newest look that says whether they are there. "I cannot tell" takes nothing of it back."""
    said = [one for one in of(session, incident) if one.saw in (Saw.IMMIGRATION, *NOT_THERE)]
    return said[-1] if said else None


def is_conclusive(finding: Finding) -> bool:
    """It says all that a verdict needs: what identified it, or what it was instead."""
    if finding.saw is Saw.IMMIGRATION:
        return finding.uniform in IDENTIFIES
    return finding.saw is not Saw.SOMETHING_ELSE or finding.was is not None


def _note(session: Session, incident: Incident, person: Person, finding: Finding) -> None:
    """What the incident itself knows of a look. A closed question is open again when somebody sees it after all."""
    if finding.saw is Saw.UNSAFE:
        choices.close(session, incident=incident, acts=(choices.GOING,))  # others were asked there too
        claims.give_up(session, incident, person)
        return
    if is_conclusive(finding):
        claims.done(session, incident, person)
        choices.close(session, incident=incident, person=person)
    elif (held := claims.held_by(session, incident, person)) is not None:
        held.lease_until = ahead(minutes=settings().lease_minutes)
    session.flush()
    if finding.shadow:
        trial.after_a_look(session, incident, finding)
    else:
        _note_what_counts(session, incident, person, finding)


def _note_what_counts(session: Session, incident: Incident, person: Person, finding: Finding) -> None:
    reopening.seen_after_all(session, incident, finding)
    if incident.state is IncidentState.UNCONFIRMED:
        incident.becomes(session, IncidentState.VERIFYING, person.id, "looked_at")
    if finding.saw in WITH_EYES:
        incident.looked_at = finding.found_at
    if finding.saw is Saw.IMMIGRATION and is_conclusive(finding):
        incident.seen_at = finding.found_at
    session.flush()


def _identified(saw: Saw, chosen: str, words: str) -> str:
    if saw not in (Saw.IMMIGRATION, Saw.GONE):
        return "unknown"
    uniform = chosen or (read(words, "en").uniform if words else "unknown")
    return uniform if uniform in IDENTIFIES else "unknown"


def _just_said(session: Session, fresh: Finding, words: str) -> Finding | None:
    recent = select(Finding).where(
        Finding.incident_id == fresh.incident_id,
        Finding.person_id == fresh.person_id,
        Finding.found_at > ago(seconds=DOUBLE_CLICK_SECONDS),
    )
    last = session.scalars(recent.order_by(Finding.id.desc())).first()
    if last is None or (last.saw, last.uniform, last.was, last.text) != (fresh.saw, fresh.uniform, fresh.was, words):
        return None
    return last
