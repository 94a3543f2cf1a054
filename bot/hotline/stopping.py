"""Does this person want us to stop writing, in words of their own? Not if they tell of a raid at a bus stop."""

from bot.places import gazetteer
from messages.tongue import search
from messages.vocabulary import phrases, words
from messages.wording import plain

LONGEST_WORDS = 16
"""People who want out say so briefly; a longer text that holds such words tells of something else."""

AFTER_STOP_WORDS = 6


def asks(text: str) -> bool:
    """True for "ya no me manden mensajes", "stop i moved away"; false for "Blue Line stop", "my boss won't stop"."""
    said = plain(text)
    if len(said.split()) > LONGEST_WORDS or phrases("commands", "not_stop").search(said):
        return False
    asked = bool(phrases("commands", "stop_said").search(said)) or _opens_with_stop(said)
    return asked and gazetteer.find(text).kind == "none"


def _opens_with_stop(said: str) -> bool:
    first, *rest = said.split()
    meant = first in words("commands", "stop_first") and len(rest) <= AFTER_STOP_WORDS
    return meant and not search(" ".join(rest), "agents_ice", "agents_immigration", "agents_some", "not_after_stop")
