"""What did time decide? Leases that ran out, pages nobody took, questions nobody could answer, cries nobody read."""

import datetime as dt
from collections.abc import Callable

import structlog
from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.clock import ago, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.opening import reopened_at
from bot.incidents.states import IncidentState, StepRefused
from bot.moderation import (
    caring,
    claims,
    closing,
    emergencies,
    empty_shifts,
    escalating,
    given_up,
    ordering,
    outcomes,
    paging,
    verdicts,
)
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim, ClaimState
from bot.people.models import Person
from bot.reports import standing
from bot.reports.models import Report
from bot.settings import settings
from bot.store.session import reading, writing

log = structlog.get_logger(__name__)
S = IncidentState
UNANSWERED = (S.UNCONFIRMED, S.VERIFYING, S.DISPUTED)


def sweep() -> None:
    """Put right what time has decided. Each incident in a transaction of its own, so that one fault stops no other."""
    with writing() as session:
        given_up.of_those_who_left(session)
    with writing() as session:
        emergencies.say_nobody(session)
    with writing() as session:
        caring.tell_silent(session)
    with writing() as session:
        empty_shifts.say(session)
    each(_lapsed_leases, _lapse)
    each(_too_long_open, _give_up_looking)
    each(_waiting_for_eyes, _ask_more)
    each(escalating.unclaimed, escalating.tell_on_call)
    each(escalating.undecided, escalating.ask_to_decide)
    each(_owed_an_answer, outcomes.tell)
    with writing() as session:
        standing.settle(session)


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
        claims.give_up(session, incident, person, state=ClaimState.LAPSED)
        caring.ask(session, incident, person, others=_others_asked(session, incident, person))


def _others_asked(session: Session, incident: Incident, person: Person) -> bool:
    """Whether the place waits for somebody else who was asked to look."""
    asked = [one for one in paging.pages_of(session, incident) if one.person_id != person.id and not one.declined]
    return incident.state is S.UNCONFIRMED and bool(asked) and not paging.is_unsafe(session, incident)


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
    """Unclaimed ones that somebody could still be asked about. A quiet or folded one waits for a dispatcher."""
    just_asked = select(Page.id).where(
        Page.incident_id == Incident.id, Page.ring < paging.ALARM_RING, Page.paged_at > _ring_before()
    )
    unclaimed = select(Incident).where(Incident.state == S.UNCONFIRMED, Incident.asked_only.is_(False))
    unclaimed = unclaimed.where(Incident.id.not_in(ordering.folded()))
    waiting = list(session.scalars(unclaimed.where(~just_asked.exists()).options(selectinload(Incident.areas))))
    return [one.id for one in paging.might_be_asked(session, waiting) if _ring_is_due(session, one)]


def _ring_before() -> dt.datetime:
    """Whoever was asked before this has had their time."""
    return ago(minutes=settings().next_ring_minutes)


def _ring_is_due(session: Session, incident: Incident) -> bool:
    asked = paging.pages_of(session, incident)
    last = max((page.paged_at for page in asked), default=None)
    if last is not None and last > _ring_before():
        return False
    return paging.somebody_to_ask(session, incident) and not paging.is_unsafe(session, incident)


def _ask_more(session: Session, incident: Incident) -> None:
    if incident.state is S.UNCONFIRMED and _ring_is_due(session, incident):
        paging.widen(session, incident)


def _owed_an_answer(session: Session) -> list[int]:
    """Whoever judged may have been cut off before the reporters were told, and somebody may tell of it after it was closed:
    nobody is left without an answer, as long as one is worth reading.
    """
    word = case(*((Incident.state == state, word) for state, word in outcomes.CLOSED.items()), else_=None)
    behind = select(Report.id).where(
        Report.incident_id == Incident.id, or_(word.is_(None), Report.told.is_distinct_from(word))
    )
    since = ago(minutes=outcomes.ANSWER_MINUTES)
    recent = select(Incident).where(
        or_(Incident.closed_at.is_(None), Incident.closed_at > since, Incident.last_report_at > since)
    )
    may_owe = recent.where(Incident.state.not_in((S.UNCONFIRMED, S.MERGED)), behind.exists())
    return [one.id for one in session.scalars(may_owe) if outcomes.owed(session, one)]
