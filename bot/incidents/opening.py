"""How does an incident begin, begin again, and learn better where it is?"""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident, IncidentArea, IncidentStep
from bot.incidents.states import IncidentState

REPORTED_AGAIN = "reported_again"
SEEN_AGAIN = "seen_again"
PARTED = "parted"
"""It was one with another incident, until somebody saw that they are two."""
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_DIGITS = "23456789"
SHORT_CODE_TRIES = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is: a public corner or landmark, never a home."""

    key: str
    label: str
    neighborhoods: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None
    sensitive: bool = False
    is_area: bool = False
    """Only a neighborhood was named, no corner in it."""


def open_at(session: Session, spot: Spot, *, asked_only: bool = False, told_at: dt.datetime | None = None) -> Incident:
    """A new incident. It belongs to every neighborhood the spot touches. `told_at`: when its report was written."""
    moment = now()
    incident = Incident(
        code=_free_code(session),
        state=IncidentState.UNCONFIRMED,
        step=0,
        asked_only=asked_only,
        opened_at=moment,
        last_report_at=told_at or moment,
    )
    _place(incident, spot)
    session.add(incident)
    session.flush()
    return incident


def refine(session: Session, incident: Incident, spot: Spot) -> None:
    """A report named the corner of what was only known by neighborhood."""
    _place(incident, spot)
    session.flush()


def reopen(session: Session, incident: Incident, why: str, person_id: int | None = None) -> None:
    """Look again: a closed question that nobody could answer, or that has a new witness, is open once more."""
    incident.becomes(session, IncidentState.UNCONFIRMED, person_id, why)
    incident.was = incident.word_of = None
    session.flush()


def round_of(session: Session, incident: Incident) -> int:
    """How often it was reopened: pages and looks belong to one round."""
    return session.scalar(_rounds(incident)) or 0


def this_round(incident: Incident | type[Incident]) -> ScalarSelect[int]:
    """The same, as part of another question; of `Incident` itself, for each one that is asked about."""
    return _rounds(incident).correlate(Incident).scalar_subquery()


def _rounds(incident: Incident | type[Incident]) -> Select[int]:
    return select(func.count()).where(*_reopenings(incident, REPORTED_AGAIN, SEEN_AGAIN, PARTED))


def reopened_at(session: Session, incident: Incident) -> dt.datetime:
    """When this round of looking began."""
    return _last(session, incident, REPORTED_AGAIN, SEEN_AGAIN, PARTED)


def witnessed_at(session: Session, incident: Incident) -> dt.datetime:
    """Since when what is seen is about what was reported: a look that contradicts the one before begins nothing new."""
    return _last(session, incident, REPORTED_AGAIN)


def this_witness_at(incident: type[Incident]) -> ColumnElement[dt.datetime]:
    """The same, as part of another question, for each incident that is asked about."""
    again = select(func.max(IncidentStep.at)).where(*_reopenings(incident, REPORTED_AGAIN))
    return func.coalesce(again.correlate(incident).scalar_subquery(), incident.opened_at)


def new_code() -> str:
    """Three signs that are hard to mishear or mistype, such as `K7Q` (letter, digit, letter)."""
    return secrets.choice(CODE_LETTERS) + secrets.choice(CODE_DIGITS) + secrets.choice(CODE_LETTERS)


def _last(session: Session, incident: Incident, *why: str) -> dt.datetime:
    last = session.scalar(select(func.max(IncidentStep.seq)).where(*_reopenings(incident, *why)))
    step = session.get(IncidentStep, (incident.id, last)) if last else None
    return step.at if step else incident.opened_at


def _reopenings(incident: Incident | type[Incident], *why: str) -> tuple[ColumnElement[bool], ...]:
    return (IncidentStep.incident_id == incident.id, IncidentStep.why.in_(why))


def _place(incident: Incident, spot: Spot) -> None:
    incident.place_key, incident.place = spot.key[:80], spot.label[:80]
    incident.latitude, incident.longitude = spot.latitude, spot.longitude
    incident.sensitive = bool(incident.sensitive) or spot.sensitive  # a corner named later is still by the school
    known = {area.neighborhood for area in incident.areas}
    incident.areas += [IncidentArea(neighborhood=name) for name in spot.neighborhoods if name not in known]


def _free_code(session: Session) -> str:
    """Three signs while there are free ones (4,232 of them); a fourth when two years of incidents have used them up."""
    for attempt in range(SHORT_CODE_TRIES * 8):
        code = new_code() + (secrets.choice(CODE_DIGITS) if attempt >= SHORT_CODE_TRIES else "")
        if session.scalar(select(Incident.id).where(Incident.code == code)) is None:
            return code
    raise RuntimeError("no free incident code")
