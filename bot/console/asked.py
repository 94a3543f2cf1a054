"""What were volunteers asked, told or called for about an incident as time passed, and what did they answer? In lines."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.alerts.models import Alert, ReleaseTurn
from bot.console.entries import Entry
from bot.console.words import say
from bot.incidents.models import Incident
from bot.moderation.asking_models import Asked, Question
from bot.people.models import Person

CHOSEN = (Asked.DECIDE,)
"""What was chosen is a line of its own; of other questions, that they were answered."""


def lines(session: Session, incident: Incident, *, caring: bool) -> Iterator[Entry]:
    """`caring`: for those who dispatch, also who was asked whether they are OK. Who is where is nobody else's business."""
    put = select(Question).where(Question.incident_id == incident.id).options(selectinload(Question.person))
    for question in session.scalars(put if caring else put.where(Question.kind != Asked.ARE_YOU_OK)):
        yield from _question(question)
    called = select(ReleaseTurn, Person.name).join(Person, Person.id == ReleaseTurn.person_id)
    called = called.join(Alert, Alert.id == ReleaseTurn.alert_id).where(Alert.incident_id == incident.id)
    for turn, name in session.execute(called):
        yield Entry(turn.paged_at, "page", say("timeline.called", name=name))
        if turn.declined_at is not None:
            yield Entry(turn.declined_at, "page", say("timeline.cannot_release", name=name))


def _question(question: Question) -> Iterator[Entry]:
    name = question.person.name
    yield Entry(question.asked_at, "page", say(f"timeline.question_{question.kind}", name=name))
    if question.told_at is not None:
        yield Entry(question.told_at, "page", say("timeline.no_answer", name=name))
    if question.answered_at is not None:
        act = f"chose_{question.answer}" if question.kind in CHOSEN and question.answer else "replied"
        yield Entry(question.answered_at, "page", say(f"timeline.{act}", name=name))
