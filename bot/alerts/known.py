"""What do we know of a place, or of an alert's code? For whoever asks: with the time of the look, and silence is not safety.

Confirmed is said only of what two people let out (of what one did at night: that one did), and in the genuine alert's own
slots, so that a forged text shows.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import spelling, told
from bot.alerts.models import Alert
from bot.alerts.wording import UNFOUNDED, who
from bot.clock import ago, now
from bot.incidents.holding import survivor
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import unattended
from bot.outbox.models import Kind
from bot.places.found import Found
from bot.places.gazetteer import label
from bot.reports.spots import near, spot_of
from bot.settings import settings
from messages import catalog, formats

S = IncidentState
UNTOLD = {
    S.DEBUNKED: "something_else",
    S.NOT_SEEN: "not_seen",
    S.UNVERIFIABLE: "unverifiable",
}
FIRST_SAID = ("confirmed", "last_seen", "doubted", "corrected", "checking", "unchecked")
"""Of several incidents at one place, the one that matters most to whoever asks; then the newest."""


@dataclass(frozen=True, slots=True)
class Known:
    """The answer: `confirmed, last_seen (nobody says whether it still is so), over, expired, corrected, doubted, checking,
    unchecked (told to us, and nobody is on it), something_else, not_seen, unverifiable, nothing, unknown_code`."""

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
        if self.kind == "confirmed" and self._slots.get("alone"):
            return "alerts.known_night"
        if self.kind == "doubted" and self.incident is not None and not self.incident.is_open:
            return "alerts.known_doubted_closed"
        unfounded = self.kind == "corrected" and self._slots.get("was") == UNFOUNDED
        return f"alerts.known_{self.kind}{'_unfounded' if unfounded else '_by_word' if self._by_word else ''}"

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
        if self._by_word and self.incident is not None:
            filled["source"] = catalog.text(f"outcomes.by_{self.incident.word_of}", language)
        was = self._slots.get("was") or (self.incident.was if self.incident else None)
        return filled | {"was": catalog.text(f"outcomes.was_{was or 'something_else'}", language)}

    @property
    def _by_word(self) -> bool:
        """None of ours saw it: another's word says what it was."""
        return self.kind == "something_else" and self.incident is not None and self.incident.word_of is not None

    @property
    def _slots(self) -> dict[str, Any]:
        return self.alert.slots if self.alert is not None else {}


def is_code(session: Session, said: str) -> bool:
    """Whether this is how an alert's code is written: `K7Q`, `k 7 q`; or one letter off, a code that was told."""
    return spelling.exact(said) is not None or _told_under(session, said) is not None


def of_code(session: Session, said: str) -> Known:
    """Whether an alert with this code is ours, and what it says."""
    incident = _told_under(session, said)
    if incident is None:
        return Known("unknown_code", now(), code=spelling.exact(said) or said.strip().upper())
    return of_incident(session, incident)


def _told_under(session: Session, said: str) -> Incident | None:
    """The incident that was told under this code. What nobody was told of has none, for whoever asks."""
    for code in (spelling.exact(said), *spelling.likely(said)):
        found = session.scalars(select(Incident).where(Incident.code == code)).first() if code else None
        if found is not None and told.latest(session, found) is not None:
            return found
    return None


def of_place(session: Session, found: Found) -> Known:
    """What is known there now. Of a whole neighborhood: what is confirmed in it, or being checked, or waits for somebody to."""
    spot = spot_of(found)
    recent = _recent(session, found.neighborhoods)
    if not spot.is_area:
        recent = [one for one in recent if one.place_key == spot.key or near(one, spot)]
    known = _foremost(session, _as_one(session, recent))
    if known is None or (spot.is_area and known.kind not in FIRST_SAID):
        return Known("nothing", now(), place=found.key or found.place or "")
    return known


def of_incident(session: Session, incident: Incident) -> Known:
    """Where one incident stands for whoever asks from outside."""
    return _each(session, [incident])[0]


def _each(session: Session, incidents: Sequence[Incident]) -> list[Known]:
    """The same of several, by as many questions as of one."""
    latest = told.latest_of_each(session, incidents)
    unchecked = unattended.among(session, [one for one in incidents if one.id not in latest])
    return [_known(one, latest.get(one.id), "unchecked" if one.id in unchecked else "checking") for one in incidents]


def _known(incident: Incident, latest: Alert | None, while_open: str) -> Known:
    if latest is None:
        return _untold(incident, while_open)
    if latest.kind is Kind.CORRECTION:
        return Known("corrected", _slot_time(latest), incident, latest)
    if latest.kind is Kind.OVER:
        return Known("over", _slot_time(latest), incident, latest)
    if latest.kind is Kind.DOUBT or (incident.state is not S.CONFIRMED and incident.state is not S.ENDED):
        return Known("doubted", now(), incident, latest)
    live = incident.state is S.CONFIRMED and latest.expires_at > now()
    kind = ("last_seen" if incident.is_quiet else "confirmed") if live else "expired"
    return Known(kind, _slot_time(latest), incident, latest)


def _untold(incident: Incident, while_open: str) -> Known:
    """Nothing was let out: whatever one person found, it is being checked until it is closed; or nobody is on it."""
    kind = UNTOLD.get(incident.state)
    if incident.state is S.ENDED:
        kind = "not_seen" if incident.was_gone_at_last_look else "unverifiable"
    if incident.word_of is not None:
        return Known(kind or "checking", incident.closed_at or now(), incident)
    if kind is not None:
        return Known(kind, incident.looked_at or incident.closed_at or now(), incident)
    if incident.asked_only or incident.state is S.RETRACTED:
        return Known("nothing", now(), incident)
    return Known(while_open, incident.last_report_at, incident)


def _foremost(session: Session, incidents: list[Incident]) -> Known | None:
    """Newest first they come; what people must hear comes before it."""
    order = {kind: place for place, kind in enumerate(FIRST_SAID)}
    return min(_each(session, incidents), key=lambda one: order.get(one.kind, len(order)), default=None)


def _as_one(session: Session, incidents: list[Incident]) -> list[Incident]:
    """What was merged is known by what it is part of; each once."""
    return list({one.id: one for one in (survivor(session, incident) for incident in incidents)}.values())


def _recent(session: Session, neighborhoods: Sequence[str]) -> list[Incident]:
    lately = ago(hours=settings().known_hours)
    of_these = select(IncidentArea.incident_id).where(IncidentArea.neighborhood.in_(neighborhoods))
    found = select(Incident).where(Incident.last_report_at > lately)
    if neighborhoods:
        found = found.where(Incident.id.in_(of_these))
    return list(session.scalars(found.order_by(Incident.last_report_at.desc(), Incident.id.desc())))


def _slot_time(alert: Alert) -> dt.datetime:
    return dt.datetime.fromisoformat(str(alert.slots["seen"]))
