"""What does a number mean that was given for a SIMULACRO? The same answers as on the street, about a scene that we describe."""

from sqlalchemy.orm import Session

from bot.clock import now
from bot.exercises import texting
from bot.exercises.models import Exercise, ExercisePart, Part
from bot.exercises.script import name_of
from bot.moderation import asking, choices
from bot.moderation.asking_models import Choice
from bot.moderation.models import Saw
from bot.people.models import Person
from bot.settings import settings
from messages import catalog

LOOKS = (Saw.IMMIGRATION, Saw.OTHER_POLICE, Saw.SOMETHING_ELSE, Saw.NOBODY, Saw.UNSURE)


def hear(session: Session, person: Person, choice: Choice) -> None:
    """Act on it, once; and say so, whatever it was."""
    exercise = session.get_one(Exercise, choice.exercise_id, with_for_update=True)
    part = session.get(ExercisePart, (exercise.id, person.id))
    if part is None or part.part is not Part.LOOKS:
        return
    if not choices.use(session, choice) or exercise.ended_at is not None:
        texting.text(session, exercise, person, "old")
        return
    _act(session, exercise, part, choice.act)
    session.flush()


def late(session: Session, person: Person, choice: Choice) -> None:
    """A number of it that reached us late does nothing, and says so in the words of the rehearsal."""
    exercise = session.get_one(Exercise, choice.exercise_id)
    if session.get(ExercisePart, (exercise.id, person.id)) is not None:
        texting.text(session, exercise, person, "old")


def _act(session: Session, exercise: Exercise, part: ExercisePart, act: str) -> None:
    if act == choices.GOING:
        part.claimed_at, part.declined = now(), False
        _describe(session, exercise, part.person)
    elif act == choices.CANNOT:
        part.declined = True
        texting.text(session, exercise, part.person, "noted")
    elif act in asking.IDENTIFIED:
        _found(session, exercise, part, Saw.IMMIGRATION, uniform=asking.IDENTIFIED[act])
    elif act in asking.WAS:
        saw = Saw.OTHER_POLICE if act == "was_police" else Saw.SOMETHING_ELSE
        _found(session, exercise, part, saw, was=asking.WAS[act])
    else:
        _said(session, exercise, part, Saw(act))


def _describe(session: Session, exercise: Exercise, person: Person) -> None:
    """In place of their eyes."""
    scene = catalog.text(f"drills.scene_{name_of(exercise.truth, exercise.was)}", person.language)
    texting.ask(session, exercise, person, "what", {saw.value: saw.value for saw in LOOKS}, scene=scene)


def _said(session: Session, exercise: Exercise, part: ExercisePart, saw: Saw) -> None:
    """As on the street, a feeling is no finding: what says so, and what it was, is asked for."""
    unsure = {Saw.UNSURE.value: Saw.UNSURE.value}
    if saw is Saw.IMMIGRATION:
        texting.ask(session, exercise, part.person, "what_says_so", {act: act for act in asking.IDENTIFIED} | unsure)
    elif saw is Saw.SOMETHING_ELSE:
        texting.ask(session, exercise, part.person, "what_was_it", {act: act for act in asking.WAS} | unsure)
    else:
        _found(session, exercise, part, saw, was="police" if saw is Saw.OTHER_POLICE else None)


def _found(
    session: Session,
    exercise: Exercise,
    part: ExercisePart,
    saw: Saw,
    *,
    uniform: str = "unknown",
    was: str | None = None,
) -> None:
    part.found_at, part.saw, part.uniform, part.was = now(), saw, uniform, was
    texting.close(session, exercise, part.person)
    texting.text(session, exercise, part.person, "noted")
    if saw is Saw.IMMIGRATION and exercise.confirmed_by_id is None:
        _confirm(session, exercise, part.person)


def _confirm(session: Session, exercise: Exercise, person: Person) -> None:
    """The first hand of the rehearsal, right or wrong; those who rehearse to be the second are called."""
    exercise.confirmed_by_id, exercise.confirmed_by_line, exercise.confirmed_at = person.id, person.line_id, now()
    session.flush()
    for part in exercise.parts:
        if part.part is Part.RELEASES:
            texting.text(session, exercise, part.person, "release", host=settings().public_host)
