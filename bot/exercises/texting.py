"""How do we text those who take part, and nobody else? Every sentence begins with what it is: DRILL, SIMULACRO.

Behind alerts and pages of the real thing, in the lane of answers.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.exercises.models import Exercise, ExercisePart
from bot.moderation import choices
from bot.moderation.asking_models import Choice
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.people.models import Person
from bot.people.shifts import can_be_texted
from bot.places.gazetteer import label
from bot.settings import settings


class NoPart(RuntimeError):
    """They do not take part: a mistake of ours, and no text leaves."""


def text(session: Session, exercise: Exercise, person: Person, key: str, **values: Any) -> Delivery | None:
    """Text one of those who take part; `None` when no text can reach them. Raises `NoPart` for anybody else."""
    if session.get(ExercisePart, (exercise.id, person.id)) is None:
        raise NoPart("only those who take part are texted")
    if person.contact is None or not can_be_texted(person):
        return None
    return answers.answer(
        session,
        person.contact,
        f"drills.{key}",
        reason=Reason.ON_SHIFT,
        lane=Lane.REPLY,
        language=person.language,
        minutes=settings().exercise_minutes,
        place=spoken(exercise, person.language),
        **values,
    )


def ask(session: Session, exercise: Exercise, person: Person, key: str, acts: dict[str, str], **values: Any) -> None:
    """The same with a fresh number for each answer; the numbers they held for it do nothing more."""
    close(session, exercise, person)
    numbers = {
        name: choices.give(session, person, act, exercise_id=exercise.id, minutes=settings().exercise_minutes)
        for name, act in acts.items()
    }
    text(session, exercise, person, key, **values, **numbers)


def close(session: Session, exercise: Exercise, person: Person | None = None) -> None:
    """Numbers that mean nothing any more: of one who takes part, or of all."""
    stale = [Choice.exercise_id == exercise.id, Choice.used_at.is_(None)]
    stale += [Choice.person_id == person.id] if person else []
    session.execute(update(Choice).where(*stale).values(used_at=now()).execution_options(synchronize_session="fetch"))


def spoken(exercise: Exercise, language: str) -> str:
    said = label(exercise.place_key, language)
    return exercise.place if said == exercise.place_key else said


def people_of(session: Session, exercise: Exercise) -> list[Person]:
    """Those who take part and still work here."""
    theirs = select(Person).join(ExercisePart, ExercisePart.person_id == Person.id)
    return list(session.scalars(theirs.where(ExercisePart.exercise_id == exercise.id, Person.revoked_at.is_(None))))
