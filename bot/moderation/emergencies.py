"""Somebody cries for help: who reads it, and how soon? Its own queue and its own clock, apart from incidents.

A page about it names a neighborhood at most: what the person wrote is read by whoever takes it, on the console, and nowhere else.
"""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.moderation import choices
from bot.moderation.models import Choice, Emergency
from bot.moderation.paging import watchers
from bot.moderation.texting import text
from bot.outbox import answers
from bot.outbox.models import Lane, Reason
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.reports.models import Report
from bot.settings import settings
from bot.store.alone import alone
from messages import formats, languages

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
    readers = watchers(session, READERS)
    for person in readers:
        _page(session, emergency, report, person)
    emergency.paged_at = now() if readers else None
    session.flush()
    return emergency


def take(session: Session, emergency: Emergency, person: Person) -> bool:
    """This person reads it now. False when somebody else was first."""
    taken = session.execute(
        update(Emergency)
        .where(Emergency.id == emergency.id, Emergency.taken_at.is_(None), Emergency.closed_at.is_(None))
        .values(taken_by=person.id, taken_at=now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(emergency)
    if not taken.rowcount:  # type: ignore[attr-defined]
        return emergency.taken_by == person.id
    audit.record(session, "emergency.taken", f"emergency:{emergency.id}", person.id)
    _no_more_takers(session, emergency, person)
    _answer(session, emergency, "emergencies.taken", TAKEN_MINUTES)
    text(session, person, "emergencies.yours", reason=Reason.ALARM, host=settings().public_host)
    return True


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
        Emergency.opened_at <= ago(minutes=settings().emergency_nobody_minutes),
    )
    unanswered = list(session.scalars(late.with_for_update(skip_locked=True)))
    for emergency in unanswered:
        emergency.nobody_said_at = now()
        _answer(session, emergency, "emergencies.nobody", TAKEN_MINUTES)
    session.flush()
    return len(unanswered)


def _page(session: Session, emergency: Emergency, report: Report, person: Person) -> None:
    number = choices.give(session, person, choices.TAKING, emergency=emergency, minutes=TAKEN_MINUTES)
    age = emergency.opened_at - report.received_at
    late = age > LATE_AFTER
    text(
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


def _no_more_takers(session: Session, emergency: Emergency, taker: Person) -> None:
    others = select(Choice).where(Choice.emergency_id == emergency.id, Choice.used_at.is_(None))
    for choice in session.scalars(others):
        choice.used_at = now()
        other = session.get(Person, choice.person_id)
        if other is not None and other.id != taker.id:
            text(session, other, "emergencies.taken_by_other", reason=Reason.ALARM, minutes=TAKEN_MINUTES)


def _answer(session: Session, emergency: Emergency, key: str, minutes: float) -> None:
    """To the person in need. After STOP they had their one reply when they wrote (VOICE, "Never a dead end")."""
    report = session.get(Report, emergency.report_id)
    contact = session.get(Contact, report.contact_id) if report and report.contact_id else None
    if report is None or contact is None or contact.is_stopped:
        return
    known = [code for code in (report.language, contact.language) if code and languages.is_complete(code)]
    language = languages.base(known[0]) if known else languages.chain(report.language)[-1]
    answers.answer(session, contact, key, reason=Reason.WROTE_TO_US, lane=Lane.PAGE, language=language, minutes=minutes)
