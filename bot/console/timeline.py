"""How did an incident come to be known? Reports, claims, findings, decisions and what was told, in the order they happened."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.alerts.models import Alert
from bot.console import asked
from bot.console.entries import Entry
from bot.console.named import word
from bot.console.words import say
from bot.incidents.models import Incident, IncidentStep
from bot.incidents.states import IncidentState
from bot.moderation import regrouping
from bot.moderation.asking_models import Page
from bot.moderation.dispatch_models import Regroup, Regrouped, Regrouping, Relayed, Ruling
from bot.moderation.models import Claim, ClaimState, Finding
from bot.people.models import Person
from bot.reports.models import Report, Source
from messages import catalog

LONGEST = 300
"""The newest lines; an incident with more is read in its after-action page."""
SAID_OTHERWISE = ("into_", "word_of_", "by_hand_")
"""Why a step was taken, where another line of the timeline says it."""


def of(
    session: Session, incident: Incident, reports: Sequence[Report] | None = None, *, caring: bool = False
) -> list[Entry]:
    """The newest first. `reports`: those to be told of, where the caller has them; all of it otherwise. `caring`: also which
    volunteers were asked whether they are OK.
    """
    found = [
        *_reports(session, incident, reports),
        *_looking(session, incident),
        *asked.lines(session, incident, caring=caring),
        *_steps(session, incident),
        *_by_hand(session, incident),
        *_relayed(session, incident),
        *_told(session, incident),
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:LONGEST]


def _reports(session: Session, incident: Incident, reports: Sequence[Report] | None) -> Iterator[Entry]:
    if reports is None:
        reports = list(session.scalars(select(Report).where(Report.incident_id == incident.id)))
    names = _names(session, [report.taken_by_id for report in reports])
    for report in reports:
        if report.source is Source.TEXT:
            words = say(f"timeline.{report.kind}", pseudonym=report.pseudonym)
        else:
            name = names.get(report.taken_by_id, "?")
            words = say(
                "timeline.written_down", name=name, source=say(f"source.{report.source}"), pseudonym=report.pseudonym
            )
        yield Entry(report.received_at, "report", words)


def _looking(session: Session, incident: Incident) -> Iterator[Entry]:
    paged = select(Page).where(Page.incident_id == incident.id).options(selectinload(Page.person))
    for page in session.scalars(paged):
        yield Entry(page.paged_at, "page", say("timeline.paged", name=page.person.name))
        if page.declined and page.answered_at:
            yield Entry(page.answered_at, "page", say("timeline.declined", name=page.person.name))
    went = select(Claim).where(Claim.incident_id == incident.id).options(selectinload(Claim.person))
    for claim in session.scalars(went):
        yield Entry(claim.claimed_at, "claim", say("timeline.claimed", name=claim.person.name))
        if claim.state is ClaimState.LAPSED:
            yield Entry(claim.lease_until, "claim", say("timeline.lapsed", name=claim.person.name))
    found = select(Finding).where(Finding.incident_id == incident.id).options(selectinload(Finding.person))
    for finding in session.scalars(found):
        words = say("timeline.found", name=finding.person.name, saw=_saw(finding))
        yield Entry(finding.found_at, "finding", words, finding.text)


def _saw(finding: Finding) -> str:
    """With what identified it, or what it was instead."""
    more = word("uniform", finding.uniform) if finding.uniform != "unknown" else ""
    more = word("was", finding.was) if finding.was else more
    return f"{say(f'saw.{finding.saw}')} ({more})" if more else say(f"saw.{finding.saw}")


def _steps(session: Session, incident: Incident) -> Iterator[Entry]:
    stepped = select(IncidentStep, Person.name).outerjoin(Person, Person.id == IncidentStep.person_id)
    for step, name in session.execute(stepped.where(IncidentStep.incident_id == incident.id)):
        after = say(f"state.{step.after}")
        by = say("timeline.stepped_by", after=after, name=name) if name else say("timeline.stepped", after=after)
        yield Entry(step.at, "step", by, _why(step))


def _why(step: IncidentStep) -> str:
    """In words, where we have them; a rule newer than its words says nothing."""
    key = f"console.step.{step.why}"
    known = step.why and step.after is not IncidentState.MERGED and not step.why.startswith(SAID_OTHERWISE)
    return say(f"step.{step.why}") if known and catalog.has(key, "en") else ""


def _by_hand(session: Session, incident: Incident) -> Iterator[Entry]:
    touched = regrouping.standing(session, incident)
    moved = _moved(session, touched)
    for made in touched:
        yield _regrouped(made, incident, moved.get(made.id, 0))
        if made.undone_at is not None:
            name = made.undone_by.name if made.undone_by else "?"
            yield Entry(
                made.undone_at, "decision", say("timeline.merge_undone", name=name), "", _other(made, incident).id
            )
    ruled = select(Ruling).where(Ruling.incident_id == incident.id).options(selectinload(Ruling.person))
    for ruling in session.scalars(ruled):
        name = ruling.person.name if ruling.person else "?"
        if ruling.was is not None:
            words = say(
                "timeline.debunked", name=name, was=word("was", ruling.was), source=word("word_of", ruling.word_of)
            )
        else:
            words = say("timeline.could_not", name=name, why=word("why_not", ruling.why))
        yield Entry(ruling.at, "decision", words, ruling.reference)


def _moved(session: Session, touched: list[Regrouping]) -> dict[int, int]:
    counted = select(Regrouped.regrouping_id, func.count()).group_by(Regrouped.regrouping_id)
    ids = [made.id for made in touched]
    return dict(session.execute(counted.where(Regrouped.regrouping_id.in_(ids))).all())


def _regrouped(made: Regrouping, incident: Incident, count: int) -> Entry:
    gained = made.into_id == incident.id
    act = ("merged_here" if gained else "merged_away") if made.kind is Regroup.MERGE else ("came" if gained else "left")
    other = _other(made, incident)
    name = made.person.name if made.person else "?"
    return Entry(made.at, "decision", say(f"timeline.{act}", name=name, code=other.code, count=count), "", other.id)


def _other(made: Regrouping, incident: Incident) -> Incident:
    return made.source if made.into_id == incident.id else made.target


def _relayed(session: Session, incident: Incident) -> Iterator[Entry]:
    """That somebody was asked; what was said stands with the report."""
    relayed = select(Relayed).join(Report, Report.id == Relayed.report_id).where(Report.incident_id == incident.id)
    for one in session.scalars(relayed.options(selectinload(Relayed.person), selectinload(Relayed.report))):
        name, pseudonym = one.person.name if one.person else "?", one.report.pseudonym
        yield Entry(one.asked_at, "relay", say("timeline.asked", name=name, pseudonym=pseudonym))
        if one.answered_at is not None:
            yield Entry(one.answered_at, "relay", say("timeline.answered", pseudonym=pseudonym))


def _told(session: Session, incident: Incident) -> Iterator[Entry]:
    for alert in session.scalars(select(Alert).where(Alert.incident_id == incident.id)):
        release = alert.broadcast.release
        if release is not None:
            by = session.get(Person, release.second_id or release.first_id)
            kind = say(f"kind.{alert.kind}")
            yield Entry(release.released_at, "told", say("timeline.told", kind=kind, name=by.name if by else "?"))


def _names(session: Session, ids: Sequence[int | None]) -> dict[int | None, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())
