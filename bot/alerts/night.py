"""Nobody who could release is there: may one senior verifier on the spot tell the neighborhood? Off unless a setting allows it.

Its own kind of release, within bounds that the database holds (`outbox.night_models`): one neighborhood, twenty minutes at
most, what was identified with their own eyes, never a school, clinic, shelter or church; and somebody of another line reviews
it the same day. It is done on the console, after proving who they are: never by a text.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts import compose, reachability, told
from bot.alerts.models import Alert, Certainty
from bot.alerts.wording import Texts, slots_of, texts_of
from bot.clock import ago, ahead, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import findings, outcomes, verdicts
from bot.moderation.models import Confirmation, Finding, Saw
from bot.moderation.refusals import Refused
from bot.outbox import drafting, freezing, fuse
from bot.outbox.models import Kind, Lane, Release
from bot.outbox.night_models import NightRelease
from bot.people import access
from bot.people.models import Person, Role, SignedIn
from bot.people.shifts import RELEASERS
from bot.privacy import audit
from bot.settings import settings

AREA = "area:"
"""How the key of a place begins that is only a neighborhood's name."""


class NightRefused(Refused):
    """One hand may not do this now. `key` is the first reason."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one hand would let out: exactly these words, to this neighborhood, until then."""

    neighborhood: str
    until: dt.datetime
    texts: Texts

    @property
    def mark(self) -> bytes:
        """Of all of it: the form carries it, and other words do not leave."""
        said = sorted([language, channel.value, text] for (language, channel), text in self.texts.items())
        meant = [self.neighborhood, self.until.isoformat(), said]
        return hashlib.sha256(json.dumps(meant, ensure_ascii=True).encode()).digest()


def offer(incident: Incident, neighborhood: str = "", until: dt.datetime | None = None) -> Offer:
    """What there is to read before it is released. Of several neighborhoods it touches, one."""
    area = neighborhood if neighborhood in incident.neighborhoods else next(iter(incident.neighborhoods), "")
    ends = until or ahead(minutes=settings().night_alert_minutes).replace(microsecond=0)
    return Offer(area, ends, texts_of(incident, Kind.ALERT, _slots(incident, ends)))


def _slots(incident: Incident, until: dt.datetime) -> dict[str, Any]:
    """Said as what it is: one person saw it, and nobody could check again."""
    return slots_of(incident, Kind.ALERT, seen=incident.seen_at or now(), until=until, was=None) | {"alone": True}


def refusals(session: Session, incident: Incident, person: Person) -> list[str]:
    """Why this person may not let it out alone now, as catalog keys; empty when they may."""
    standing = verdicts.live_confirmation(session, incident)
    finding = session.get(Finding, standing.finding_id) if standing else None
    found = [
        (not settings().night_rule, "off"),
        (not _is_senior_verifier(person), "not_senior"),
        (incident.sensitive, "sensitive"),
        (freezing.is_frozen(session), "frozen"),
        (incident.state is IncidentState.DISPUTED, "disputed"),
        (incident.state not in (IncidentState.CONFIRMED, IncidentState.DISPUTED), "not_confirmed"),
        (_said_already(session, incident), "said_already"),
        (incident.place_key.startswith(AREA) or not incident.neighborhoods, "no_corner"),
        *_about_the_look(incident, person, standing, finding),
        (verdicts.is_unsure_since(session, incident), "stale"),
        *_about_the_others(session, incident, standing),
        (_somebody_was_cut_off(session, person), "somebody_was_cut_off"),
    ]
    return list(dict.fromkeys(f"console.night.why_{name}" for refused, name in found if refused))


def _is_senior_verifier(person: Person) -> bool:
    """Whoever may end others' access could make themselves alone: so nobody with another power."""
    return person.senior and person.role is Role.VERIFIER and person.revoked_at is None


def _somebody_was_cut_off(session: Session, person: Person) -> bool:
    """One who could have been the second hand lost their access today, and not by being away: then nobody is alone."""
    lately = ago(hours=settings().night_cut_off_hours)
    gone = select(Person.id).where(
        Person.role.in_(RELEASERS),
        Person.line_id != person.line_id,
        Person.revoked_at > lately,
        Person.suspended_at.is_(None),
    )
    return session.scalar(gone.limit(1)) is not None


def _about_the_look(
    incident: Incident, person: Person, standing: Confirmation | None, finding: Finding | None
) -> list[tuple[bool, str]]:
    """Their own eyes, a moment ago, and what identified it."""
    fresh = finding is not None and finding.found_at >= ago(minutes=settings().finding_fresh_minutes)
    theirs = standing is not None and finding is not None and standing.person_id == finding.person_id == person.id
    sure = finding is not None and finding.saw is Saw.IMMIGRATION and findings.is_conclusive(finding)
    return [(not theirs, "not_yours"), (theirs and not sure, "not_sure"), (theirs and not fresh, "stale")]


def _about_the_others(session: Session, incident: Incident, standing: Confirmation | None) -> list[tuple[bool, str]]:
    """Nobody who could be the second hand has been there, and they were waited for."""
    waited = ago(minutes=settings().night_wait_minutes)
    draft = compose.pending(session, incident, Kind.ALERT)
    too_soon = standing is None or standing.confirmed_at > waited or draft is None or draft.created_at > waited
    return [
        (too_soon, "too_soon"),
        (draft is not None and _somebody_is_there(session, draft, waited), "somebody_is_there"),
    ]


def _somebody_is_there(session: Session, draft: Alert, since: dt.datetime) -> bool:
    """One of another line who may release did something on the console since: then two hands can do it."""
    able = [person.id for person in reachability.could_release(session, draft)]
    seen = select(func.max(SignedIn.last_seen_at)).where(
        SignedIn.person_id.in_(able), SignedIn.ended_at.is_(None), SignedIn.expires_at > now()
    )
    last = session.scalar(seen)
    return last is not None and last > since


def _said_already(session: Session, incident: Incident) -> bool:
    return bool(told.alerts(session, incident))


def release(
    session: Session, incident: Incident, person: Person, *, neighborhood: str, until: dt.datetime, mark: bytes
) -> Release:
    """Let out by one hand, in exactly the words that were read. Raises `NightRefused`."""
    hold(session, incident)
    access.hold(session, person.id)
    not_now = refusals(session, incident, person)
    if not_now:
        raise NightRefused(not_now[0])
    longest = ahead(minutes=settings().night_alert_minutes)
    read = offer(incident, neighborhood, until)
    if not now() < until <= longest or read.mark != mark or read.neighborhood != neighborhood:
        raise NightRefused("alerts.refused_words_changed")
    compose.withdraw_all(session, incident, "one_hand_at_night", (Kind.ALERT,))
    alert = _draft(session, incident, person, read)
    made = fuse.release(
        session,
        alert.broadcast,
        first=person,
        second=None,
        incident_id=incident.id,
        confirmation_id=_standing(session, incident).id,
        words=fuse.words_of(alert.broadcast),
        night=_row(session, incident, person, alert, read),
    )
    audit.record(session, "alert.released.night", f"incident:{incident.id}", person.id)
    outcomes.tell(session, incident)
    return made


def _draft(session: Session, incident: Incident, person: Person, read: Offer) -> Alert:
    broadcast = drafting.draft(
        session,
        Kind.ALERT,
        Lane.ALERT,
        read.texts,
        neighborhoods=[read.neighborhood],
        only_area=read.neighborhood,
        expires_at=read.until,
    )
    alert = Alert(
        incident_id=incident.id,
        broadcast_id=broadcast.id,
        kind=Kind.ALERT,
        certainty=Certainty.OBSERVED,
        slots=_slots(incident, read.until),
        pending=False,
        proposed_by_id=person.id,
        proposed_by_line=person.line_id,
        created_at=now(),
        expires_at=read.until,
    )
    session.add(alert)
    session.flush()
    return alert


def _row(session: Session, incident: Incident, person: Person, alert: Alert, read: Offer) -> NightRelease:
    standing = _standing(session, incident)
    finding = session.get_one(Finding, standing.finding_id)
    return NightRelease(
        broadcast_id=alert.broadcast_id,
        incident_id=incident.id,
        sensitive=incident.sensitive,
        confirmation_id=standing.id,
        finding_id=finding.id,
        saw=finding.saw.value,
        uniform=finding.uniform,
        person_id=person.id,
        person_line=person.line_id,
        senior=person.senior,
        neighborhood=read.neighborhood,
        released_at=now(),
        expires_at=read.until,
    )


def _standing(session: Session, incident: Incident) -> Confirmation:
    standing = verdicts.live_confirmation(session, incident)
    if standing is None:
        raise NightRefused("console.night.why_not_confirmed")
    return standing
