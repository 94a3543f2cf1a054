"""What happened at one incident, told so that it may be shared? When each step was, what was seen, whom it reached; no names.

Counts below `SMALLEST_COUNT_SHOWN` are withheld, and the corner is named only where a neighborhood was told of it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.console import withheld
from bot.console.words import language, say
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import findings
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim
from bot.outbox import progress
from bot.reports.models import Report
from messages import languages

ENDS = (IncidentState.ENDED, IncidentState.RETRACTED, IncidentState.DEBUNKED, IncidentState.NOT_SEEN,
        IncidentState.UNVERIFIABLE)  # fmt: skip


class Milestone(NamedTuple):
    """One step on the way: when, how long after the first report, and after the step before."""

    words: str
    at: dt.datetime
    after_seconds: float
    step_seconds: float


class Seen(NamedTuple):
    """What somebody saw. `who` is a number, in order of their first look."""

    at: dt.datetime
    who: int
    words: str


@dataclass(frozen=True)
class Told:
    """One thing that was let out, and how far it got. `None` stands for a number that is withheld."""

    kind: str
    released_at: dt.datetime
    counts: dict[str, int | None]
    parts: dict[str, int | None]
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True)
class Account:
    """All of it."""

    milestones: tuple[Milestone, ...]
    steps: tuple[tuple[dt.datetime, str], ...]
    seen: tuple[Seen, ...]
    told: tuple[Told, ...]
    reports: int | None
    place: str | None
    """Only where it was told."""


def of(session: Session, incident: Incident) -> Account:
    alerts = list(session.scalars(select(Alert).where(Alert.incident_id == incident.id).order_by(Alert.id)))
    out = [alert for alert in alerts if alert.broadcast.release is not None]
    number = session.scalar(select(func.count()).select_from(Report).where(Report.incident_id == incident.id)) or 0
    return Account(
        milestones=tuple(_milestones(session, incident, alerts)),
        steps=tuple((step.at, say("timeline.stepped", after=say(f"state.{step.after}"))) for step in incident.steps),
        seen=tuple(_seen(session, incident)),
        told=tuple(_told(session, alert) for alert in out),
        reports=None if withheld.small(number) else number,
        place=spoken(incident, language()) if out else None,
    )


def _milestones(session: Session, incident: Incident, alerts: list[Alert]) -> Iterator[Milestone]:
    known = [(name, at) for name, at in _moments(session, incident, alerts) if at is not None]
    first = before = incident.opened_at
    for name, at in sorted(known, key=lambda one: one[1]):
        words = say(f"milestone.{name}")
        yield Milestone(words, at, (at - first).total_seconds(), (at - before).total_seconds())
        before = at


def _moments(session: Session, incident: Incident, alerts: list[Alert]) -> Iterator[tuple[str, dt.datetime | None]]:
    yield "reported", incident.opened_at
    yield "paged", session.scalar(select(func.min(Page.paged_at)).where(Page.incident_id == incident.id))
    yield "claimed", session.scalar(select(func.min(Claim.claimed_at)).where(Claim.incident_id == incident.id))
    looks = findings.of(session, incident)
    yield "looked", looks[0].found_at if looks else None
    yield "confirmed", next((step.at for step in incident.steps if step.after is IncidentState.CONFIRMED), None)
    yield "proposed", alerts[0].created_at if alerts else None
    released = next((alert.broadcast for alert in alerts if alert.broadcast.release is not None), None)
    if released is not None and released.release is not None:
        far, at = progress.of(session, released.id), released.release.released_at
        yield "released", at
        yield "half", at + dt.timedelta(seconds=far.p50_seconds) if far.p50_seconds is not None else None
        yield "most", at + dt.timedelta(seconds=far.p95_seconds) if far.p95_seconds is not None else None
    yield "closed", next((step.at for step in reversed(incident.steps) if step.after in ENDS), None)


def _seen(session: Session, incident: Incident) -> Iterator[Seen]:
    numbers: dict[int, int] = {}
    for finding in findings.of(session, incident):
        who = numbers.setdefault(finding.person_id, len(numbers) + 1)
        yield Seen(finding.found_at, who, say(f"saw.{finding.saw}"))


def _told(session: Session, alert: Alert) -> Told:
    far, release = progress.of(session, alert.broadcast_id), alert.broadcast.release
    if release is None:
        raise ValueError("what was never let out reached nobody")
    on_the_way = far.audience - far.delivered - far.failed - far.dropped
    counts = {"delivered": far.delivered, "failed": far.failed, "dropped": far.dropped, "on_the_way": on_the_way}
    parts = {f"{_name(part.language)}, {say(f'channel.{part.channel}')}": part.delivered for part in far.parts}
    return Told(
        alert.kind.value, release.released_at, withheld.shown(counts), withheld.shown(parts),
        far.p50_seconds, far.p95_seconds,
    )  # fmt: skip


def _name(code: str) -> str:
    known = languages.LANGUAGES.get(languages.base(code))
    return known.own_name if known else code
