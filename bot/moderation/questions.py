"""What did the clock make us ask a volunteer, or tell those who watch, of one incident? Written down, so that it is once."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.models import Incident
from bot.incidents.opening import round_of, this_round
from bot.moderation.asking_models import Asked, Question
from bot.people.models import Person


def keep(session: Session, incident: Incident, person: Person, kind: Asked) -> Question:
    """They are asked now."""
    question = Question(
        kind=kind,
        incident_id=incident.id,
        person_id=person.id,
        person=person,
        round=round_of(session, incident),
        asked_at=now(),
    )
    session.add(question)
    session.flush()
    return question


def of(
    session: Session,
    incident: Incident,
    kind: Asked,
    person: Person | None = None,
    *,
    since: dt.datetime | None = None,
) -> list[Question]:
    """What was asked of this kind in this round, oldest first."""
    asked = select(Question).where(
        Question.incident_id == incident.id, Question.kind == kind, Question.round == this_round(incident)
    )
    if person is not None:
        asked = asked.where(Question.person_id == person.id)
    if since is not None:
        asked = asked.where(Question.asked_at >= since)
    return list(session.scalars(asked.order_by(Question.asked_at, Question.id)))


def answered(question: Question, answer: str | None = None) -> None:
    """The first answer is the one that counts."""
    if question.answered_at is None:
        question.answered_at, question.answer = now(), answer
