"""The second hand, rehearsed: the same rule, and words that reach those who take part and nobody else."""

import hashlib
import json

from sqlalchemy.orm import Session

from bot.clock import now
from bot.exercises import texting
from bot.exercises.models import Exercise, ExercisePart, Part
from bot.exercises.texting import spoken
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit
from messages import catalog, languages


class RehearsalRefused(Refused):
    """The rule says no, as it would in earnest."""


def texts(exercise: Exercise) -> dict[str, str]:
    """What would be read, by language: the sentence of the rehearsal, which says what it is."""
    return {
        language: catalog.text("drills.alert", language, place=spoken(exercise, language))
        for language in languages.WRITTEN
    }


def mark(exercise: Exercise) -> bytes:
    return hashlib.sha256(json.dumps(texts(exercise), sort_keys=True).encode()).digest()


def refusals(session: Session, exercise: Exercise, person: Person) -> list[str]:
    """Why this person may not release the rehearsal; empty when they may."""
    part = session.get(ExercisePart, (exercise.id, person.id))
    found = [
        (part is None or part.part is not Part.RELEASES or not person.may_release, "simulacro.no_part"),
        (exercise.ended_at is not None, "simulacro.over"),
        (exercise.released_at is not None, "simulacro.released_already"),
        (exercise.confirmed_by_id is None, "simulacro.not_confirmed"),
        (exercise.confirmed_by_id == person.id, "simulacro.same_line"),
        (exercise.confirmed_by_line == person.line_id, "simulacro.same_line"),
    ]
    return list(dict.fromkeys(f"console.{name}" for refused, name in found if refused))


def release(session: Session, exercise: Exercise, person: Person, words: bytes) -> None:
    """Those who take part hear it; nobody else can. Raises `RehearsalRefused`."""
    session.refresh(exercise, with_for_update=True)
    no = refusals(session, exercise, person)
    if no:
        raise RehearsalRefused(no[0])
    if words != mark(exercise):
        raise RehearsalRefused("alerts.refused_words_changed")
    exercise.released_by_id, exercise.released_by_line = person.id, person.line_id
    exercise.released_at, exercise.words = now(), words
    session.flush()
    for one in texting.people_of(session, exercise):
        texting.text(session, exercise, one, "alert")
    audit.record(session, "exercise.released", f"exercise:{exercise.code}", person.id)
