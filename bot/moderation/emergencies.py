"""Somebody cries for help: who reads it, and how soon? Its own queue and its own clock, apart from incidents.

A page about it names a neighborhood at most: what the person wrote is read by whoever takes it, on the console, and nowhere else.
"""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.moderation import choices, telling
from bot.moderation.asking_models import Choice
from bot.moderation.emergency_models import Emergency
from bot.moderation.paging import watchers
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.reports.models import Report
from bot.settings import settings
from bot.store.alone import alone
from messages import directory, formats, languages

LEGAL_HELP = "phone_larrn"
"""Whom to call when none of us is free: rapid response and legal referrals."""
READERS = (Role.COORDINATOR, Role.DISPATCHER, Role.ORGANIZER)
TAKEN_MINUTES = 30
LATE_AFTER = dt.timedelta(minutes=5)
"""A cry that missed us and is found so much later is paged with its age."""


def open(session: Session, report: Report) -> Emergency:  # noqa: A001  "an emergency is opened" is how we say it
    """Page people at once, one by one with a number of their own. The same report opens it once."""
    alone(session, f"emergency:{report.id}")
    known = session.scalars(select(Emergency).where(Emergency.report_id == report.id)).first()
    if known is not None:
        return known
    emergency = Emergency(report_id=report.id, opened_at=now())
    session.add(emergency)
    session.flush()
    page_readers(session, emergency)
    return emergency


def page_readers(session: Session, emergency: Emergency, but: int | None = None) -> None:
    """Everybody who reads them hears of it, except whoever could not go on with it."""
    report = session.get_one(Report, emergency.report_id)
    readers = [person for person in watchers(session, READERS) if person.id != but]
    paged = [person for person in readers if _page(session, emergency, report, person)]
    emergency.paged_at = now() if paged else emergency.paged_at
    if not paged:
        _say_nobody(session, emergency)  # there is nobody to wait for
    session.flush()


def take(session: Session, emergency: Emergency, person: Person) -> bool:
    """This person reads it now. False when somebody else was first, and is still at it."""
    session.refresh(emergency, with_for_update=True)
    before = session.get(Person, emergency.taken_by) if emergency.taken_by is not None else None
    if before is person or emergency.closed_at is not None or not can_be_taken(session, emergency):
        return before is person
    emergency.taken_by, emergency.taken_at = person.id, now()
    session.flush()
    act = "taken" if before is None else "taken_over"
    audit.record(session, f"emergency.{act}", f"emergency:{emergency.id}", person.id)
    _no_more_takers(session, emergency, person)
    if before is None:
        telling.tell(session, emergency, "emergencies.taken")
    elif before.revoked_at is None:
        text(session, before, "emergencies.taken_by_other", reason=Reason.ALARM, minutes=TAKEN_MINUTES)
    text(session, person, "emergencies.yours", reason=Reason.ALARM, host=settings().public_host)
    return True


def can_be_taken(session: Session, emergency: Emergency) -> bool:
    """Nobody has it; or whoever took it works here no more, or did nothing on the console for a while: a cry waits for no one."""
    if emergency.taken_at is None:
        return True
    taker = session.get_one(Person, emergency.taken_by)
    quiet_since = max(emergency.taken_at, taker.last_here_at or emergency.taken_at)
    return taker.revoked_at is not None or quiet_since <= ago(minutes=settings().emergency_silent_minutes)


def close(session: Session, emergency: Emergency, person: Person) -> bool:
    """It is seen to. False when it was closed already."""
    session.refresh(emergency, with_for_update=True)
    if emergency.closed_at is not None:
        return False
    emergency.closed_at = now()
    audit.record(session, "emergency.closed", f"emergency:{emergency.id}", person.id)
    return True


def waiting(session: Session) -> list[Emergency]:
    """Open ones, those nobody has taken first, oldest first."""
    still_open = select(Emergency).where(Emergency.closed_at.is_(None))
    return list(session.scalars(still_open.order_by(Emergency.taken_at.is_not(None), Emergency.opened_at)))


def say_nobody(session: Session) -> int:
    """Nobody took it in time: say so honestly, once. It stays open, and may still be taken."""
    late = select(Emergency).where(
        Emergency.taken_at.is_(None),
        Emergency.closed_at.is_(None),
        Emergency.nobody_said_at.is_(None),
        func.coalesce(Emergency.paged_at, Emergency.opened_at) <= ago(minutes=settings().emergency_nobody_minutes),
    )
    unanswered = list(session.scalars(late.with_for_update(skip_locked=True)))
    for emergency in unanswered:
        _say_nobody(session, emergency)
    session.flush()
    return len(unanswered)


def _say_nobody(session: Session, emergency: Emergency) -> None:
    """With whom to call instead, if somebody has checked that the line answers."""
    emergency.nobody_said_at = now()
    legal_help = directory.entry(LEGAL_HELP)
    if legal_help.may_be_sent(settings().demo):
        telling.tell(session, emergency, "emergencies.nobody_legal", phone=legal_help.number)
    else:
        telling.tell(session, emergency, "emergencies.nobody")


def _page(session: Session, emergency: Emergency, report: Report, person: Person) -> bool:
    """False when no text reaches them."""
    number = choices.give(session, person, choices.TAKING, emergency=emergency, minutes=TAKEN_MINUTES)
    age = emergency.opened_at - report.received_at
    late = age > LATE_AFTER
    sent = text(
        session,
        person,
        "emergencies.page_late" if late else "emergencies.page",
        reason=Reason.ALARM,
        minutes=TAKEN_MINUTES,
        values={"age": formats.span(age)} if late else {},
        time=formats.moment(report.received_at, person.language),
        spoken=languages.language(report.language).own_name
        if languages.base(report.language) in languages.LANGUAGES
        else "?",
        taking=number,
    )
    return sent is not None


def _no_more_takers(session: Session, emergency: Emergency, taker: Person) -> None:
    others = select(Choice).where(Choice.emergency_id == emergency.id, Choice.used_at.is_(None))
    for choice in session.scalars(others):
        choice.used_at = now()
        other = session.get(Person, choice.person_id)
        if other is not None and other.id != taker.id:
            text(session, other, "emergencies.taken_by_other", reason=Reason.ALARM, minutes=TAKEN_MINUTES)
