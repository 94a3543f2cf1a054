"""How did an incident come to be known? Reports, claims, findings, steps and what was told, in the order they happened."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.console.words import say
from bot.incidents.models import Incident, IncidentStep
from bot.moderation.models import Claim, Finding, Page
from bot.people.models import Person
from bot.reports.models import Report


@dataclass(frozen=True)
class Entry:
    """One line: when, what in words, and what somebody added."""

    at: dt.datetime
    kind: str
    words: str
    added: str = ""


def of(session: Session, incident: Incident) -> list[Entry]:
    """The newest first."""
    found = [
        *_reports(session, incident),
        *_acts(session, incident),
        *_steps(session, incident),
        *_told(session, incident),
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _reports(session: Session, incident: Incident) -> Iterator[Entry]:
    for report in session.scalars(select(Report).where(Report.incident_id == incident.id)):
        yield Entry(report.received_at, "report", say(f"timeline.{report.kind}", pseudonym=report.pseudonym))


def _acts(session: Session, incident: Incident) -> Iterator[Entry]:
    for page in session.scalars(select(Page).where(Page.incident_id == incident.id)):
        yield Entry(page.paged_at, "page", say("timeline.paged", name=page.person.name))
        if page.declined and page.answered_at:
            yield Entry(page.answered_at, "page", say("timeline.declined", name=page.person.name))
    for claim in session.scalars(select(Claim).where(Claim.incident_id == incident.id)):
        yield Entry(claim.claimed_at, "claim", say("timeline.claimed", name=claim.person.name))
    for finding in session.scalars(select(Finding).where(Finding.incident_id == incident.id)):
        words = say("timeline.found", name=finding.person.name, saw=say(f"saw.{finding.saw}"))
        yield Entry(finding.found_at, "finding", words, finding.text)


def _steps(session: Session, incident: Incident) -> Iterator[Entry]:
    stepped = select(IncidentStep, Person.name).outerjoin(Person, Person.id == IncidentStep.person_id)
    for step, name in session.execute(stepped.where(IncidentStep.incident_id == incident.id)):
        after = say(f"state.{step.after}")
        by = say("timeline.stepped_by", after=after, name=name) if name else say("timeline.stepped", after=after)
        yield Entry(step.at, "step", by)


def _told(session: Session, incident: Incident) -> Iterator[Entry]:
    for alert in session.scalars(select(Alert).where(Alert.incident_id == incident.id)):
        release = alert.broadcast.release
        if release is not None:
            by = session.get(Person, release.second_id or release.first_id)
            kind = say(f"kind.{alert.kind}")
            yield Entry(release.released_at, "told", say("timeline.told", kind=kind, name=by.name if by else "?"))
