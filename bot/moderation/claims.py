"""Who goes? A verifier's lease on an incident: it holds for minutes, and longer when they say how long the way is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.opening import round_of
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import asking, choices, paging
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim, ClaimState
from bot.moderation.refusals import Refused
from bot.moderation.texting import text
from bot.people.models import Person
from bot.privacy import audit
from bot.settings import settings

CLAIMABLE = (IncidentState.UNCONFIRMED, IncidentState.VERIFYING, IncidentState.DISPUTED)
LONGEST_WAY_MINUTES = 30


class ClaimRefused(Refused):
    """Nobody needs to go: it is closed, or covered by somebody else."""


def claim(session: Session, incident: Incident, person: Person, minutes: int | None = None) -> Claim:
    """Take it: the lease runs, the others hear that it is covered. Said twice, it is the same lease, renewed.

    A disputed incident may be looked at by several; any other by one at a time. Raises `ClaimRefused`.
    """
    hold(session, incident)
    if incident.state not in CLAIMABLE:
        raise ClaimRefused("pages.closed_already", place=spoken(incident, person.language))
    mine = held_by(session, incident, person)
    if mine is None and incident.state is not IncidentState.DISPUTED and holders(session, incident):
        raise ClaimRefused("pages.covered", place=spoken(incident, person.language))
    lease = ahead(minutes=max(settings().lease_minutes, min(minutes or 0, LONGEST_WAY_MINUTES)))
    if mine is not None:
        mine.lease_until = max(mine.lease_until, lease)
        return mine
    return _begin(session, incident, person, Claim(claimed_at=now(), lease_until=lease))


def give_up(session: Session, incident: Incident, person: Person, *, state: ClaimState = ClaimState.GIVEN_UP) -> bool:
    """Let go (or the lease ran out): the incident waits again, and others are asked, unless somebody left because it is unsafe:
    then a person decides who goes. False when there was no claim.
    """
    hold(session, incident)
    mine = held_by(session, incident, person)
    if mine is None:
        return False
    mine.state = state
    session.flush()
    audit.record(session, f"claim.{state}", f"incident:{incident.id}", person.id)
    if incident.state is IncidentState.VERIFYING and not holders(session, incident):
        incident.becomes(session, IncidentState.UNCONFIRMED, person.id, f"claim_{state}")
        if not paging.is_unsafe(session, incident):
            paging.page_again(session, incident)
            paging.widen(session, incident)
    return True


def decline(session: Session, incident: Incident, person: Person) -> list[Page]:
    """They cannot go: the next one is asked at once when nobody else could still say yes. Who was asked now."""
    hold(session, incident)
    for page in paging.pages_of(session, incident):
        if page.person_id == person.id:
            page.answered_at, page.declined = now(), True
    choices.close(session, incident=incident, person=person)
    session.flush()
    if paging.is_unsafe(session, incident) or incident.state not in CLAIMABLE:
        return []
    if incident.state is IncidentState.DISPUTED and person.senior:
        return paging.page_senior(session, incident)
    if all(page.declined for page in paging.pages_of(session, incident)):
        return paging.widen(session, incident)
    return []


def done(session: Session, incident: Incident, person: Person) -> None:
    """They looked and said what they saw: the lease is over."""
    mine = held_by(session, incident, person)
    if mine is not None:
        mine.state = ClaimState.DONE


def holders(session: Session, incident: Incident) -> list[Claim]:
    """The leases that hold now."""
    holding = select(Claim).where(Claim.incident_id == incident.id, Claim.state == ClaimState.HELD).order_by(Claim.id)
    return list(session.scalars(holding))


def held_by(session: Session, incident: Incident, person: Person) -> Claim | None:
    return next((held for held in holders(session, incident) if held.person_id == person.id), None)


def all_of(session: Session, person: Person) -> list[Claim]:
    """Wherever they are on the way to, in one order: whoever holds several incidents holds them in it."""
    held = select(Claim).where(Claim.person_id == person.id, Claim.state == ClaimState.HELD)
    return list(session.scalars(held.order_by(Claim.incident_id)))


def _begin(session: Session, incident: Incident, person: Person, fresh: Claim) -> Claim:
    fresh.incident_id, fresh.person_id = incident.id, person.id
    session.add(fresh)
    session.flush()
    if incident.state is IncidentState.UNCONFIRMED:
        incident.becomes(session, IncidentState.VERIFYING, person.id, "claimed")
    choices.close(session, incident=incident, person=person, acts=(choices.GOING, choices.CANNOT))
    choices.close(session, incident=incident, acts=choices.WHEN_NOBODY_GOES)
    _answered(session, incident, person)
    if incident.state is not IncidentState.DISPUTED:
        _spare_the_others(session, incident, person)
    asking.what_is_there(session, incident, person)
    audit.record(session, "claim.held", f"incident:{incident.id}", person.id)
    return fresh


def _answered(session: Session, incident: Incident, person: Person) -> None:
    mine = select(Page).where(
        Page.incident_id == incident.id, Page.person_id == person.id, Page.round == round_of(session, incident)
    )
    for page in session.scalars(mine):
        page.answered_at = now()


def _spare_the_others(session: Session, incident: Incident, person: Person) -> None:
    """`Covered, please do not go`: a crowd of volunteers is no help. Their numbers keep, should the lease run out."""
    for page in paging.pages_of(session, incident):
        if page.person_id != person.id and not page.declined:
            text(session, page.person, "pages.covered", place=spoken(incident, page.person.language))
