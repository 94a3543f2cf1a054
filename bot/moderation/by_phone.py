"""Somebody called, or it was heard on a radio: what does the dispatcher write down, and which incident is it about?

It becomes a report like any other, of nobody's number, marked with where it came from and who wrote it down. It joins what is
open at its place, or opens it; it is one witness at most, and confirms nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.incidents.states import OPEN
from bot.moderation import outcomes, paging
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.places.found import Found
from bot.privacy import audit
from bot.reports import matching
from bot.reports.intake import Sighting, key_words
from bot.reports.models import Report, ReportKind, Source
from bot.reports.salute import ACTIVITIES, EQUIPMENT
from bot.reports.spots import usable
from messages import catalog

BY = tuple(source for source in Source if source is not Source.TEXT)
UNIFORMS = ("ICE", "HSI", "CBP", "immigration", "police", "unknown")
TIMES = ("now", "minutes", "earlier")
"""What is yet to come is nothing that anybody saw."""
MOST_PEOPLE, MOST_VEHICLES = 500, 100
LONGEST_WORDS = 300


class CallRefused(Refused):
    """Nothing was written down."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was said, field by field."""

    source: str
    place: Found
    first_hand: bool
    size: int | None = None
    activity: str | None = None
    uniform: str = "unknown"
    time: str = "now"
    vehicles: int | None = None
    vehicle_kind: str | None = None
    vehicle_colour: str | None = None
    equipment: Collection[str] = ()
    words: str = ""


def write_down(session: Session, call: Call, person: Person) -> Report:
    """Keep it, join it to its incident, and ask those who are near to look. Raises `CallRefused`."""
    _must_be_possible(call)
    words = call.words.strip()[:LONGEST_WORDS]
    report = matching.file(
        session,
        contact=None,
        text=words,
        language=person.language,
        kind=ReportKind.REPORT,
        sighting=_sighting(call, words),
    )
    report.source, report.taken_by_id = Source(call.source), person.id
    if not words:
        report.locked = None
    session.flush()
    if report.incident is not None:
        paging.page(session, report.incident)
        outcomes.tell(session, report.incident)
        audit.record(session, f"report.by_{call.source}", f"incident:{report.incident_id}", person.id)
    return report


def marked(session: Session, incident_ids: Collection[int] | None) -> set[int]:
    """Which of these incidents (or of all that are open) somebody was told of otherwise than by text."""
    told = select(Report.incident_id).join(Incident, Incident.id == Report.incident_id)
    told = told.where(Report.source != Source.TEXT, Incident.state.in_(OPEN))
    if incident_ids is not None:
        told = told.where(Report.incident_id.in_(incident_ids))
    return {id_ for id_ in session.scalars(told.distinct()) if id_ is not None}


def vehicle_kinds() -> tuple[str, ...]:
    return _last_parts("kind_")


def vehicle_colours() -> tuple[str, ...]:
    return _last_parts("colour_")


def _last_parts(prefix: str) -> tuple[str, ...]:
    whole = f"intake.{prefix}"
    return tuple(key.removeprefix(whole) for key in catalog.keys("intake") if key.startswith(whole))


def _must_be_possible(call: Call) -> None:
    if not usable(call.place):
        raise CallRefused("console.call.no_place")
    known = (
        call.source in BY
        and call.uniform in UNIFORMS
        and call.time in TIMES
        and call.activity in (None, *ACTIVITIES)
        and set(call.equipment) <= set(EQUIPMENT)
        and call.vehicle_kind in (None, *vehicle_kinds())
        and call.vehicle_colour in (None, *vehicle_colours())
    )
    if not known:
        raise CallRefused("console.refused.choose")
    if not (call.size is None or 0 < call.size <= MOST_PEOPLE):
        raise CallRefused("console.call.count")
    if not (call.vehicles is None or 0 < call.vehicles <= MOST_VEHICLES):
        raise CallRefused("console.call.count")


def _sighting(call: Call, words: str) -> Sighting:
    return Sighting(
        size=call.size,
        activity=call.activity,
        place=call.place,
        uniform=call.uniform,
        time=call.time,
        vehicles=call.vehicles,
        vehicle_kind=call.vehicle_kind,
        vehicle_colour=call.vehicle_colour,
        equipment=tuple(name for name in EQUIPMENT if name in call.equipment),
        first_hand=call.first_hand,
        time_said=True,
        key_words=key_words(words),
    )
