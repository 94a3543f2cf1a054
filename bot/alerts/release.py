"""May it go out, and by whom? The second person's act; every rule that could forbid it is a line here, and the database's too."""

from sqlalchemy.orm import Session

from bot.alerts import compose, told
from bot.alerts.models import Alert
from bot.clock import ago, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.states import STEPS, IncidentState
from bot.moderation import closing, outcomes, verdicts
from bot.moderation.refusals import Refused
from bot.outbox import freezing, fuse, halting
from bot.outbox.models import Kind, Release
from bot.people import access
from bot.people.models import Person
from bot.privacy import audit
from bot.settings import settings

S = IncidentState
SAYS_SO = (Kind.ALERT, Kind.UPDATE)


class AlertRefused(Refused):
    """It is not let out. `key` is the first reason."""


def release(session: Session, alert: Alert, releaser: Person, words: bytes) -> Release:
    """Let it out, in exactly the words that were read. Raises `AlertRefused`; of two who press at once, one is refused."""
    incident = hold(session, alert.incident)
    session.refresh(alert, with_for_update=True)
    access.hold(session, alert.proposed_by_id, releaser.id)
    refusals_now = refusals(session, alert, releaser)
    if refusals_now:
        raise AlertRefused(refusals_now[0], minutes=settings().finding_fresh_minutes)
    first = session.get_one(Person, alert.proposed_by_id)
    standing = verdicts.live_confirmation(session, incident) if alert.kind in SAYS_SO else None
    try:
        made = fuse.release(
            session,
            alert.broadcast,
            first=first,
            second=releaser,
            incident_id=incident.id,
            confirmation_id=standing.id if standing else None,
            words=words,
        )
    except fuse.ReleaseRefused as refused:
        raise AlertRefused(_as_key(refused.reason)) from None
    alert.pending = False
    audit.record(session, f"alert.released.{alert.kind}", f"incident:{incident.id}", releaser.id)
    _follow(session, incident, alert, releaser)
    return made


def refusals(session: Session, alert: Alert, person: Person) -> list[str]:
    """Why this person may not let this out now, as catalog keys; empty when they may."""
    incident = alert.incident
    found = [
        (not alert.pending, "not_pending"),
        (not person.may_release, "wrong_role"),
        (access.is_gone(session, alert.proposed_by_id), "first_revoked"),
        (alert.proposed_by_id == person.id, "same_person"),
        (alert.proposed_by_id != person.id and alert.proposed_by_line == person.line_id, "same_line"),
        (alert.kind is not Kind.CORRECTION and freezing.is_frozen(session), "frozen"),
        (alert.expires_at <= now(), "expired"),
        *_about_the_incident(session, incident, alert),
    ]
    return [f"alerts.refused_{name}" for refused, name in found if refused]


def _about_the_incident(session: Session, incident: Incident, alert: Alert) -> list[tuple[bool, str]]:
    if alert.kind is Kind.CORRECTION:
        return [(S.RETRACTED not in _next(incident), "nothing_told")]
    disputed = (incident.state is S.DISPUTED, "disputed")
    if alert.kind is Kind.OVER:
        return [disputed, (incident.state not in (S.CONFIRMED, S.DISPUTED), "not_confirmed")]
    standing = verdicts.live_confirmation(session, incident)
    confirmed = incident.state is S.CONFIRMED and standing is not None and standing.person_id == alert.proposed_by_id
    fresh = incident.seen_at is not None and incident.seen_at >= ago(minutes=settings().finding_fresh_minutes)
    return [
        disputed,
        (not confirmed and incident.state is not S.DISPUTED, "not_confirmed"),
        (confirmed and not fresh, "stale"),
        (confirmed and fresh and verdicts.is_unsure_since(session, incident), "unsure_since"),
    ]


def _next(incident: Incident) -> tuple[IncidentState, ...]:
    return STEPS.get(incident.state, ())


def _follow(session: Session, incident: Incident, alert: Alert, releaser: Person) -> None:
    """What its leaving means for the incident, for what was told before, and for those who told us."""
    if alert.kind in (Kind.OVER, Kind.CORRECTION):
        for before in told.alerts(session, incident):
            halting.halt(session, before.broadcast_id, f"taken_back_by_{alert.kind}")
        compose.withdraw_all(session, incident, "closed")
    if alert.kind is Kind.OVER:
        closing.close(session, incident, S.ENDED, releaser.id, "over_released")
    if alert.kind is Kind.CORRECTION:
        incident.was = alert.slots["was"]
        closing.close(session, incident, S.RETRACTED, releaser.id, "correction_released")
    outcomes.tell(session, incident)


def _as_key(reason: str) -> str:
    known = {"words_changed": "words_changed", "expired": "expired"}
    return f"alerts.refused_{known.get(reason, 'not_pending')}"
