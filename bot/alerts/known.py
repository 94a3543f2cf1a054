"""What do we know of a place, or of an alert's code? For whoever asks: with the time of the look, and silence is not safety.

Confirmed is said only of what two people let out, and in the genuine alert's own slots, so that a forged text shows.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import told
from bot.alerts.models import Alert
from bot.alerts.wording import UNFOUNDED, who
from bot.clock import ago, now
from bot.incidents.models import Incident, IncidentArea, IncidentState
from bot.incidents.places import spoken
from bot.outbox.models import Kind
from bot.places.found import Found
from bot.places.gazetteer import label
from bot.reports.spots import near, spot_of
from bot.settings import settings
from messages import catalog, formats

S = IncidentState
_CODE = re.compile(r"[A-HJ-NP-Z][2-9][A-HJ-NP-Z][2-9]?", re.IGNORECASE)
UNTOLD = {
    S.DEBUNKED: "something_else",
    S.NOT_SEEN: "not_seen",
    S.UNVERIFIABLE: "unverifiable",
}
FIRST_SAID = ("confirmed", "doubted", "corrected", "checking")
"""Of several incidents at one place, the one that matters most to whoever asks; then the newest."""


@dataclass(frozen=True, slots=True)
class Known:
    """The answer: `confirmed, over, expired, corrected, doubted, checking, something_else, not_seen, unverifiable, nothing,
    unknown_code`."""

    kind: str
    at: dt.datetime
    incident: Incident | None = None
    alert: Alert | None = None
    place: str = ""
    """What was asked about, when there is no incident: a key or a name."""
    code: str = ""

    @property
    def key(self) -> str:
        """The text that says it."""
        unfounded = self.kind == "corrected" and self._slots.get("was") == UNFOUNDED
        return f"alerts.known_{self.kind}{'_unfounded' if unfounded else ''}"

    def words(self, language: str) -> dict[str, str]:
        """Its values in a language."""
        filled = {
            "place": spoken(self.incident, language) if self.incident else label(self.place, language),
            "time": formats.clock_time(self.at, language),
            "code": self.incident.code if self.incident else self.code,
        }
        if self.alert is not None:
            until = dt.datetime.fromisoformat(str(self._slots["until"]))
            filled |= {"who": who(str(self._slots["uniform"]), language), "until": formats.clock_time(until, language)}
        was = self._slots.get("was") or (self.incident.was if self.incident else None)
        return filled | {"was": catalog.text(f"outcomes.was_{was or 'something_else'}", language)}

    @property
    def _slots(self) -> dict[str, Any]:
        return self.alert.slots if self.alert is not None else {}


def is_code(session: Session, said: str) -> bool:
    """Whether this is how an alert's code is written: `K7Q`."""
    return _CODE.fullmatch(said.strip()) is not None


def of_code(session: Session, said: str) -> Known:
    """Whether an alert with this code is ours, and what it says."""
    code = said.strip().upper()
    incident = session.scalars(select(Incident).where(Incident.code == code)).first()
    if incident is None or told.latest(session, incident) is None:
        return Known("unknown_code", now(), code=code)
    return of_incident(session, incident)


def of_place(session: Session, found: Found) -> Known:
    """What is known there now. Of a whole neighborhood: what is confirmed in it, or being checked."""
    spot = spot_of(found)
    recent = _recent(session, found.neighborhoods)
    if not spot.is_area:
        recent = [one for one in recent if one.place_key == spot.key or near(one, spot)]
    known = _foremost(session, recent)
    if known is None or (spot.is_area and known.kind not in FIRST_SAID):
        return Known("nothing", now(), place=found.key or found.place or "")
    return known


def what_is_known(
    session: Session, *, code: str | None = None, key: str | None = None, neighborhoods: Sequence[str] = ()
) -> Known:
    """By code, by place key, or for whole neighborhoods."""
    if code is not None:
        return of_code(session, code)
    recent = [one for one in _recent(session, tuple(neighborhoods)) if key is None or one.place_key == key]
    place = key or (f"area:{neighborhoods[0]}" if neighborhoods else "")
    return _foremost(session, recent) or Known("nothing", now(), place=place)


def of_incident(session: Session, incident: Incident) -> Known:
    """Where one incident stands for whoever asks from outside."""
    return _known(incident, told.latest(session, incident))


def _known(incident: Incident, latest: Alert | None) -> Known:
    if latest is None:
        return _untold(incident)
    if latest.kind is Kind.CORRECTION:
        return Known("corrected", _slot_time(latest), incident, latest)
    if latest.kind is Kind.OVER:
        return Known("over", _slot_time(latest), incident, latest)
    if latest.kind is Kind.DOUBT or (incident.state is not S.CONFIRMED and incident.state is not S.ENDED):
        return Known("doubted", now(), incident, latest)
    live = incident.state is S.CONFIRMED and latest.expires_at > now()
    return Known("confirmed" if live else "expired", _slot_time(latest), incident, latest)


def _untold(incident: Incident) -> Known:
    """Nothing was let out: whatever one person found, it is being checked until it is closed."""
    kind = UNTOLD.get(incident.state)
    if incident.state is S.ENDED:
        kind = "not_seen" if incident.was_gone_at_last_look else "unverifiable"
    if kind is not None:
        return Known(kind, incident.looked_at or incident.closed_at or now(), incident)
    if incident.asked_only or incident.state is S.RETRACTED:
        return Known("nothing", now(), incident)
    return Known("checking", incident.last_report_at, incident)


def _foremost(session: Session, incidents: list[Incident]) -> Known | None:
    """Newest first they come; what people must hear comes before it."""
    latest = told.latest_of_each(session, incidents)
    known = [_known(one, latest.get(one.id)) for one in incidents]
    order = {kind: place for place, kind in enumerate(FIRST_SAID)}
    return min(known, key=lambda one: order.get(one.kind, len(order)), default=None)


def _recent(session: Session, neighborhoods: Sequence[str]) -> list[Incident]:
    lately = ago(hours=settings().known_hours)
    of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(neighborhoods))
    found = select(Incident).where(Incident.merged_into.is_(None), Incident.last_report_at > lately)
    if neighborhoods:
        found = found.where(Incident.id.in_(of_these))
    return list(session.scalars(found.order_by(Incident.last_report_at.desc(), Incident.id.desc())))


def _slot_time(alert: Alert) -> dt.datetime:
    return dt.datetime.fromisoformat(str(alert.slots["seen"]))
