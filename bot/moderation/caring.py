"""Somebody went to look and fell silent: are they OK? They are asked; without an answer, those who care for them are told.

Any word of theirs from that phone ends it. We send nobody: who is told has the phone list, and rings.
"""

import datetime as dt

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.inbox.models import InboundText
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.moderation import choices, paging, questions
from bot.moderation.asking_models import Asked, Question
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.settings import settings
from messages.formats import moment

CARERS = (Role.COORDINATOR, Role.DISPATCHER)
NUMBER_MINUTES = 120
"""Their answer is welcome however late."""
SHOWN_HOURS = 12


def ask(session: Session, incident: Incident, person: Person, *, others: bool) -> None:
    """`Are you OK? Text 4470`: their lease, or the way they said, is over, and nothing came from them. `others` are asked too."""
    questions.keep(session, incident, person, Asked.ARE_YOU_OK)
    text(
        session,
        person,
        "pages.are_you_ok" if others else "pages.are_you_ok_alone",
        ok=choices.give(session, person, choices.OK, minutes=NUMBER_MINUTES),
        place=spoken(incident, person.language),
        values={"after": f"{settings().are_you_ok_minutes:g}"},
    )


def heard(session: Session, person: Person, at: dt.datetime | None = None, *, wait: bool = True) -> None:
    """They wrote, or did something on the console (`at` a moment, or now): whoever was told that they are silent hears so.

    `wait` until nobody else is at it; not where an incident is held already, for whoever is at it may want that.
    """
    silent = _unanswered().where(Question.person_id == person.id, Question.asked_at <= (at or now()))
    for question in session.scalars(silent.with_for_update(skip_locked=not wait)):
        questions.answered(question, choices.OK)
        if question.told_at is not None:
            tell(session, person, "pages.silent_over", at)
    session.flush()


def reached(session: Session, person: Person, by: Person) -> None:
    """Somebody spoke with them, by their own phone."""
    heard(session, person)
    audit.record(session, "volunteer.reached", f"person:{person.id}", by.id)


def tell(
    session: Session, person: Person, key: str, when: dt.datetime | None = None, incident: Incident | None = None
) -> bool:
    """Text those who care for this person. False when no text reaches anybody: nobody cares for themselves."""
    told = [
        text(
            session,
            carer,
            key,
            reason=Reason.ALARM,
            person=person.name,
            time=moment(when or now(), carer.language),
            values={"place": spoken(incident, carer.language)} if incident else {},
        )
        for carer in paging.watchers(session, CARERS, but=person)
    ]
    return any(told)


def tell_silent(session: Session) -> int:
    """No answer in time: those who care are told who, where, and since when, once."""
    due = _unanswered().where(
        Question.told_at.is_(None),
        Question.asked_at <= ago(minutes=settings().are_you_ok_minutes),
        Question.asked_at > ago(hours=SHOWN_HOURS),
    )
    silent = list(session.scalars(due.with_for_update(skip_locked=True)))
    told = [question for question in silent if _tell_silent(session, question)]
    session.flush()
    return len(told)


def _tell_silent(session: Session, question: Question) -> bool:
    """Where no text reaches anybody it stays open, and is tried again."""
    incident = session.get_one(Incident, question.incident_id)
    if not tell(session, question.person, "pages.silent_watch", last_heard(session, question), incident):
        return False
    question.told_at = now()
    return True


def silent(session: Session) -> list[Question]:
    """Who does not answer now, the longest silent first: `person`, `incident_id`, `asked_at`, `told_at`."""
    lately = Question.asked_at > ago(hours=SHOWN_HOURS)
    return list(session.scalars(_unanswered().where(lately)))


def last_heard(session: Session, question: Question) -> dt.datetime:
    """When the last word of theirs came; when we asked, if none is kept."""
    words = select(func.max(InboundText.received_at)).where(
        InboundText.contact_id == question.person.contact_id, InboundText.received_at <= question.asked_at
    )
    return session.scalar(words) or question.asked_at


def _unanswered() -> Select[Question]:
    asked = select(Question).where(Question.kind == Asked.ARE_YOU_OK, Question.answered_at.is_(None))
    return asked.order_by(Question.asked_at, Question.id)
