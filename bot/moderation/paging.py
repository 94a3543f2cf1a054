"""Who is asked to go and look? The nearest on-shift verifiers, by the areas they declared, a few at a time.

Never somebody who said STOP, nor somebody who reported it themselves: their look would confirm their own word.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.opening import reopened_at, round_of, this_round
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.incidents.told import was_told
from bot.moderation import choices, describing
from bot.moderation.asking_models import Page
from bot.moderation.models import Claim, ClaimState, Finding, Saw
from bot.moderation.nearness import is_near, nearest
from bot.moderation.texting import at, text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person, Role
from bot.people.shifts import can_be_texted, on_shift, with_phone
from bot.reports.models import Report
from bot.settings import settings

ALARM_RING = 90
"""Pages of this ring and above went to those who watch, not to those who look."""
DISPUTE_RING = 91
"""These heard of a dispute, whatever they had heard before."""
WATCHERS = (Role.DISPATCHER, Role.COORDINATOR)
WANTS_EYES = (IncidentState.UNCONFIRMED, IncidentState.VERIFYING, IncidentState.DISPUTED)


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
    next_people = nearest(session, incident, but={one.person_id for one in paged})[: settings().page_ring_size]
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
    if nearest(session, incident, but=known):
        return True
    return any(person.id not in known for person in watchers(session, WATCHERS))


def is_unsafe(session: Session, incident: Incident) -> bool:
    """Whether the last who looked in this round left because it is unsafe: no clock and no "can't" sends the next one there."""
    looks = select(Finding.saw).where(
        Finding.incident_id == incident.id, Finding.found_at >= reopened_at(session, incident)
    )
    return session.scalar(looks.order_by(Finding.found_at.desc(), Finding.id.desc()).limit(1)) is Saw.UNSAFE


def page_again(session: Session, incident: Incident, only: Collection[int] | None = None) -> list[Page]:
    """Who was asked and has not declined is asked afresh: whoever went has gone silent. `only`: of these people."""
    hold(session, incident)
    again = [one for one in pages_of(session, incident) if not one.declined and not _looked(session, one)]
    wanted = [one for one in again if only is None or one.person_id in only]
    return [_ask(session, incident, one.person, one.ring, one) for one in wanted if can_be_texted(one.person)]


def ask_too(session: Session, incident: Incident, person: Person) -> Page | None:
    """Somebody who was asked about what proved to be the same thing. `None`: no text reaches them, or they reported it."""
    reported = select(Report.id).where(Report.incident_id == incident.id, Report.contact_id == person.contact_id)
    if not can_be_texted(person) or session.scalar(reported.limit(1)) is not None:
        return None
    ring = max((one.ring for one in pages_of(session, incident)), default=0)
    return _ask(session, incident, person, ring)


def page_senior(session: Session, incident: Incident) -> list[Page]:
    """A yes and a no: a senior looks, asked before or not, who has neither looked nor said no in this round. On shift and near
    first; else any senior verifier with a phone; none, and those who watch hear of the dispute.
    """
    before = {one.person_id: one for one in pages_of(session, incident)}
    but = _who_looked(session, incident) | {one.person_id for one in before.values() if one.declined}
    near = [person for person in nearest(session, incident, but=but) if person.senior]
    anywhere = [one for one in with_phone(session, Role.VERIFIER) if one.senior and one.id not in but]
    seniors = (near or anywhere)[: settings().page_ring_size]
    if not seniors:
        key = "pages.disputed_watch_told" if was_told(session, incident) else "pages.disputed_watch"
        alarm(session, incident, key, DISPUTE_RING)
    ring = max((one.ring for one in before.values()), default=-1) + 1
    return [_ask(session, incident, person, ring, before.get(person.id)) for person in seniors]


def _who_looked(session: Session, incident: Incident) -> set[int]:
    """What they saw is what the dispute is about."""
    looked = select(Finding.person_id).where(Finding.incident_id == incident.id, Finding.saw != Saw.UNSAFE)
    return set(session.scalars(looked.where(Finding.found_at >= reopened_at(session, incident))))


def alarm(session: Session, incident: Incident, key: str, ring: int = ALARM_RING) -> list[Page]:
    """Tell those who watch the queue, once in a round (and once of its dispute): who is on shift, else everybody of them with
    a phone.
    """
    before = {one.person_id: one for one in session.scalars(select(Page).where(*_this_round(incident)))}
    known = {id_ for id_, one in before.items() if ring == ALARM_RING or one.ring == ring}
    told = [person for person in watchers(session, WATCHERS) if person.id not in known]
    for person in told:
        place = spoken(incident, person.language)
        text(session, person, key, reason=Reason.ALARM, place=place, code=incident.code)
    return [_keep_alarm(session, incident, person, ring, before.get(person.id)) for person in told]


def _keep_alarm(session: Session, incident: Incident, person: Person, ring: int, before: Page | None) -> Page:
    if before is None:
        return _keep(session, incident, person, ring)
    before.ring, before.paged_at = ring, now()
    return before


def watchers(session: Session, roles: Iterable[Role], but: Person | None = None) -> list[Person]:
    """People of these roles with a phone: those on shift; when there are none, all of them. `but`: it is about them."""
    wanted = tuple(roles)
    here = [person for person in on_shift(session) if person.role in wanted and can_be_texted(person)]
    others = [person for person in here if but is None or person.id != but.id]
    return others or [person for person in with_phone(session, *wanted) if but is None or person.id != but.id]


def pages_of(session: Session, incident: Incident) -> list[Page]:
    """Whom we asked to look, in this round."""
    asked = select(Page).where(*_this_round(incident), Page.ring < ALARM_RING).order_by(Page.id)
    return list(session.scalars(asked))


def _this_round(incident: Incident) -> tuple[ColumnElement[bool], ...]:
    return (Page.incident_id == incident.id, Page.round == this_round(incident))


def might_be_asked(session: Session, incidents: list[Incident]) -> list[Incident]:
    """Of which somebody could still be asked, by one look at who is on and who was asked: thousands may wait in a flood."""
    ids = [incident.id for incident in incidents]
    asked = select(Page.incident_id, Page.person_id).join(Incident, Incident.id == Page.incident_id)
    known = set(session.execute(asked.where(Incident.id.in_(ids), Page.round == this_round(Incident))).all())
    able = [person for person in on_shift(session) if person.role is Role.VERIFIER and can_be_texted(person)]
    watching = watchers(session, WATCHERS)
    return [
        one
        for one in incidents
        if any((one.id, person.id) not in known for person in watching)
        or any((one.id, person.id) not in known and is_near(person, one) for person in able)
    ]


def _ask(session: Session, incident: Incident, person: Person, ring: int, before: Page | None = None) -> Page:
    minutes = settings().unverifiable_minutes
    choices.close(session, incident=incident, person=person)
    going = choices.give(session, person, choices.GOING, incident=incident, minutes=minutes)
    cannot = choices.give(session, person, choices.CANNOT, incident=incident, minutes=minutes)
    text(
        session,
        person,
        _key(session, incident),
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


def _key(session: Session, incident: Incident) -> str:
    if incident.state is not IncidentState.DISPUTED:
        return "pages.look"
    return "pages.look_disputed_told" if was_told(session, incident) else "pages.look_disputed"


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
