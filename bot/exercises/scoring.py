"""How did it go? For each who took part: how soon they went, how soon they said what it was, and whether that was right."""

import datetime as dt
from dataclasses import dataclass

from bot.exercises.models import Exercise, ExercisePart, Part
from bot.moderation.models import Saw


@dataclass(frozen=True, slots=True)
class Score:
    part: ExercisePart
    to_claim_seconds: float | None
    to_look_seconds: float | None
    right: bool | None
    """`None`: they said nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it, beside the script."""

    scores: tuple[Score, ...]
    to_release_seconds: float | None
    """From the first hand to the second."""
    released_wrongly: bool
    """The rehearsed alert left, though the script says that nobody of immigration is there."""

    @property
    def right(self) -> int:
        return sum(score.right is True for score in self.scores)

    @property
    def answered(self) -> int:
        return sum(score.right is not None for score in self.scores)


def of(exercise: Exercise) -> Outcome:
    """As far as it has come."""
    looked = [part for part in exercise.parts if part.part is Part.LOOKS]
    return Outcome(
        tuple(_score(exercise, part) for part in looked),
        _seconds(exercise.confirmed_at, exercise.released_at),
        exercise.released_at is not None and exercise.truth is not Saw.IMMIGRATION,
    )


def _score(exercise: Exercise, part: ExercisePart) -> Score:
    right = None if part.found_at is None else _is_right(exercise, part)
    return Score(part, _seconds(part.asked_at, part.claimed_at), _seconds(part.asked_at, part.found_at), right)


def _is_right(exercise: Exercise, part: ExercisePart) -> bool:
    """What it is, and what says so. "Not sure" is honest, and not the answer."""
    return (part.saw, part.uniform, part.was) == (exercise.truth, exercise.uniform, exercise.was)


def _seconds(begin: dt.datetime | None, end: dt.datetime | None) -> float | None:
    return (end - begin).total_seconds() if begin and end else None
