"""What did time decide? Leases that ran out, pages nobody took, questions nobody could answer, cries nobody read."""

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident, IncidentState, StepRefused
from bot.incidents.opening import reopened_at
from bot.incidents.places import spoken
from bot.moderation import claims, closing, emergencies, outcomes, paging, verdicts
from bot.moderation.models import Claim, ClaimState
from bot.moderation.texting import text
from bot.people.models import Person
from bot.settings import settings
from bot.store.session import reading, writing

log = structlog.get_logger(__name__)
S = IncidentState
UNANSWERED = (S.UNCONFIRMED, S.VERIFYING, S.DISPUTED)


def sweep() -> None:
    """Put right what time has decided. Each incident in a transaction of its own, so that one fault stops no other."""
    with writing() as session:
        emergencies.say_nobody(session)
    each(_lapsed_leases, _lapse)
    each(_too_long_open, _give_up_looking)
    each(_waiting_for_eyes, _ask_more)
    each(_owed_an_answer, outcomes.tell)


def each(which: Callable[[Session], list[int]], act: Callable[[Session, Incident], object]) -> None:
    """Find them without a lock, then act on each alone. A fault is logged and keeps none of the others waiting."""
    with reading() as session:
        ids = which(session)
    for incident_id in ids:
        try:
            with writing() as session:
                incident = session.get(Incident, incident_id)
                if incident is not None:
                    act(session, hold(session, incident))
        except StepRefused:
            log.info("somebody_was_first", incident=incident_id)
        except Exception as fault:
            log.exception("sweep_failed", incident=incident_id, error_type=type(fault).__name__)


def _lapsed_leases(session: Session) -> list[int]:
    lapsed = select(Claim.incident_id).where(Claim.state == ClaimState.HELD, Claim.lease_until <= now())
    return list(session.scalars(lapsed.distinct()))


def _lapse(session: Session, incident: Incident) -> None:
    for held in claims.holders(session, incident):
        person = session.get(Person, held.person_id)
        if held.lease_until > now() or person is None:
            continue
        text(session, person, "pages.lapsed", place=spoken(incident, person.language))
        claims.give_up(session, incident, person, state=ClaimState.LAPSED)


def _too_long_open(session: Session) -> list[int]:
    old = select(Incident.id).where(
        Incident.state.in_(UNANSWERED), Incident.opened_at <= ago(minutes=settings().unverifiable_minutes)
    )
    return list(session.scalars(old))


def _give_up_looking(session: Session, incident: Incident) -> None:
    """Nobody could look in time. Counted from the last time it was opened; a verifier on the way keeps it open."""
    since = verdicts.disputed_at(session, incident) or reopened_at(session, incident)
    if incident.state not in UNANSWERED or since > ago(minutes=settings().unverifiable_minutes):
        return
    if claims.holders(session, incident):
        return
    closing.close(session, incident, S.UNVERIFIABLE, None, "nobody_could_look")
    outcomes.tell(session, incident)


def _waiting_for_eyes(session: Session) -> list[int]:
    """Unclaimed ones that somebody could still be asked about. A quiet one, only asked about, waits for a dispatcher."""
    unclaimed = select(Incident).where(Incident.state == S.UNCONFIRMED, Incident.asked_only.is_(False))
    return [one.id for one in session.scalars(unclaimed) if _ring_is_due(session, one)]


def _ring_is_due(session: Session, incident: Incident) -> bool:
    asked = paging.pages_of(session, incident)
    last = max((page.paged_at for page in asked), default=None)
    due = last is None or last <= ago(minutes=settings().next_ring_minutes)
    return due and paging.somebody_to_ask(session, incident)


def _ask_more(session: Session, incident: Incident) -> None:
    if incident.state is S.UNCONFIRMED and _ring_is_due(session, incident):
        paging.widen(session, incident)


def _owed_an_answer(session: Session) -> list[int]:
    """Whoever judged may have been cut off before the reporters were told: nobody is left without an answer."""
    recent = select(Incident).where(Incident.closed_at.is_(None) | (Incident.closed_at > ago(hours=1)))
    return [one.id for one in session.scalars(recent) if outcomes.owed(session, one)]
