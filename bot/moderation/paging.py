"""Who is asked to go and look? The nearest on-shift verifiers, by the areas they declared, a few at a time.

Never somebody who said STOP, nor somebody who reported it themselves: their look would confirm their own word.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold
from bot.incidents.models import Incident, IncidentState
from bot.incidents.opening import round_of, this_round
from bot.incidents.places import spoken
from bot.moderation import choices, describing
from bot.moderation.models import Claim, ClaimState, Page
from bot.moderation.texting import at, text
from bot.outbox.models import Reason
from bot.people.models import Person, Role
from bot.people.shifts import can_be_texted, on_shift, with_phone
from bot.places.neighborhoods import adjoining
from bot.reports.models import Report
from bot.settings import settings

ALARM_RING = 90
"""Pages of this ring went to those who watch, not to those who look."""
WATCHERS = (Role.DISPATCHER, Role.COORDINATOR)
WANTS_EYES = (IncidentState.UNCONFIRMED, IncidentState.VERIFYING, IncidentState.DISPUTED)
OWN_AREA, NEXT_DOOR, FAR = 0, 1, 2


def page(session: Session, incident: Incident) -> list[Page]:
    """Page the nearest verifiers, once in a round; asked again, the same pages are given.

    Empty when nobody on shift is near: then those who watch the queue are told, and the reporter must be told so.
    """
    hold(session, incident)
    paged = pages_of(session, incident)
    if paged or incident.state not in WANTS_EYES:
        return paged
    return _next_ring(session, incident, paged)


def widen(session: Session, incident: Incident) -> list[Page]:
    """The next ring: the nearest who were not asked yet. When none are left, those who watch are told, once."""
    hold(session, incident)
    return _next_ring(session, incident, pages_of(session, incident))


def _next_ring(session: Session, incident: Incident, paged: list[Page]) -> list[Page]:
    ring = max((one.ring for one in paged), default=-1) + 1
    next_people = _nearest(session, incident, but={one.person_id for one in paged})[: settings().page_ring_size]
    if not next_people:
        alarm(session, incident, "pages.nobody_left" if paged else "pages.nobody_on")
    return [_ask(session, incident, person, ring) for person in next_people]


def somebody_looks(session: Session, incident: Incident, paged: list[Page] | None = None) -> bool:
    """What a reporter may be told: somebody was asked who has not said no, is on the way, or has looked in this round.

    `paged`: this round's pages, where the caller has just asked for them.
    """
    if any(not one.declined for one in (pages_of(session, incident) if paged is None else paged)):
        return True
    held = select(Claim.id).where(Claim.incident_id == incident.id, Claim.state == ClaimState.HELD)
    return (
        incident.state in (IncidentState.CONFIRMED, IncidentState.DISPUTED) or session.scalar(held.limit(1)) is not None
    )


def somebody_to_ask(session: Session, incident: Incident) -> bool:
    """Whether `widen` would reach anybody: a verifier near who was not asked, or those who watch, not yet told."""
    known = set(session.scalars(select(Page.person_id).where(*_this_round(incident))))
    if _nearest(session, incident, but=known):
        return True
    return any(person.id not in known for person in watchers(session, WATCHERS))


def page_again(session: Session, incident: Incident) -> list[Page]:
    """Who was asked and has not declined is asked afresh: whoever went has gone silent."""
    hold(session, incident)
    again = [one for one in pages_of(session, incident) if not one.declined and not _looked(session, one)]
    return [_ask(session, incident, one.person, one.ring, one) for one in again if can_be_texted(one.person)]


def page_senior(session: Session, incident: Incident) -> list[Page]:
    """A yes and a no: somebody senior looks. On shift and near first; none on shift, any senior verifier with a phone."""
    paged = {one.person_id for one in pages_of(session, incident)}
    near = [person for person in _nearest(session, incident, but=set()) if person.senior]
    seniors = near or [person for person in with_phone(session, Role.VERIFIER) if person.senior]
    fresh = [person for person in seniors if person.id not in paged][: settings().page_ring_size]
    if not fresh:
        alarm(session, incident, "pages.disputed_watch")
    ring = max((one.ring for one in pages_of(session, incident)), default=-1) + 1
    return [_ask(session, incident, person, ring) for person in fresh]


def alarm(session: Session, incident: Incident, key: str) -> list[Page]:
    """Tell those who watch the queue, once in a round: who is on shift, else everybody of them with a phone."""
    known = set(session.scalars(select(Page.person_id).where(*_this_round(incident))))
    told = [person for person in watchers(session, WATCHERS) if person.id not in known]
    for person in told:
        place = spoken(incident, person.language)
        text(session, person, key, reason=Reason.ALARM, place=place, code=incident.code)
    return [_keep(session, incident, person, ALARM_RING) for person in told]


def watchers(session: Session, roles: Iterable[Role]) -> list[Person]:
    """People of these roles with a phone: those on shift; when there are none, all of them."""
    wanted = tuple(roles)
    here = [person for person in on_shift(session) if person.role in wanted and can_be_texted(person)]
    return here or with_phone(session, *wanted)


def pages_of(session: Session, incident: Incident) -> list[Page]:
    """Whom we asked to look, in this round."""
    asked = select(Page).where(*_this_round(incident), Page.ring < ALARM_RING).order_by(Page.id)
    return list(session.scalars(asked))


def _this_round(incident: Incident) -> tuple[ColumnElement[bool], ...]:
    return (Page.incident_id == incident.id, Page.round == this_round(incident))


def _nearest(session: Session, incident: Incident, but: set[int]) -> list[Person]:
    near = [
        person
        for person in on_shift(session)
        if person.role is Role.VERIFIER and person.id not in but and distance(person, incident) < FAR
    ]
    if not near:
        return []
    reporters = set(session.scalars(select(Report.contact_id).where(Report.incident_id == incident.id)))
    busy = set(session.scalars(select(Claim.person_id).where(Claim.state == ClaimState.HELD)))
    lately = dict(session.execute(select(Page.person_id, func.max(Page.paged_at)).group_by(Page.person_id)).all())
    able = [person for person in near if can_be_texted(person) and person.contact_id not in reporters]
    rested = sorted(able, key=lambda person: (lately[person.id].timestamp() if person.id in lately else 0.0, person.id))
    return sorted(rested, key=lambda person: (distance(person, incident), person.id in busy))


def distance(person: Person, incident: Incident) -> int:
    """0 in an area they declared, 1 next to one, 2 elsewhere."""
    declared = set(person.neighborhoods)
    if declared & set(incident.neighborhoods):
        return OWN_AREA
    around = {area.id for name in incident.neighborhoods for area in adjoining(name)}
    return NEXT_DOOR if declared & around else FAR


def _ask(session: Session, incident: Incident, person: Person, ring: int, before: Page | None = None) -> Page:
    minutes = settings().unverifiable_minutes
    choices.close(session, incident=incident, person=person)
    going = choices.give(session, person, choices.GOING, incident=incident, minutes=minutes)
    cannot = choices.give(session, person, choices.CANNOT, incident=incident, minutes=minutes)
    text(
        session,
        person,
        "pages.look_disputed" if incident.state is IncidentState.DISPUTED else "pages.look",
        minutes=minutes,
        time=at(incident.last_report_at, person.language),
        place=spoken(incident, person.language),
        what=describing.what(session, incident, person.language),
        going=going,
        cannot=cannot,
    )
    if before is None:
        return _keep(session, incident, person, ring)
    before.paged_at, before.answered_at = now(), None
    return before


def _keep(session: Session, incident: Incident, person: Person, ring: int) -> Page:
    page = Page(
        incident_id=incident.id,
        person_id=person.id,
        person=person,
        round=round_of(session, incident),
        ring=ring,
        paged_at=now(),
    )
    session.add(page)
    session.flush()
    return page


def _looked(session: Session, page: Page) -> bool:
    held = select(Claim.id).where(Claim.incident_id == page.incident_id, Claim.person_id == page.person_id)
    return session.scalar(held.limit(1)) is not None
