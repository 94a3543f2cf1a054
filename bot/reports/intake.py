"""What does a resident's report say? SALUTE read out of one text, and what is worth asking back."""

from dataclasses import dataclass

from bot.places import gazetteer
from bot.places.found import Found
from bot.reports import counting, salute
from bot.reports.redaction import redact
from bot.reports.summary import summary
from messages.vocabulary import words
from messages.wording import plain

__all__ = ["Sighting", "read", "redact"]

MOST_QUESTIONS = 2
"""People answer one or two questions; more and they stop."""

NAMED_WORD_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """One report as we understood it. `None` and `unknown` mean it was not said; nothing is guessed but `time`."""

    size: int | None
    activity: str | None
    place: Found
    uniform: str
    time: str
    vehicles: int | None
    vehicle_kind: str | None
    vehicle_colour: str | None
    equipment: tuple[str, ...]
    first_hand: bool
    time_said: bool
    key_words: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is worth asking back, most useful first: `place`, `size`, `time`."""
        wanted = {
            "place": not self.place.neighborhoods,
            "size": self.size is None and self.vehicles is None,
            "time": not self.time_said,
        }
        return tuple(letter for letter, lacking in wanted.items() if lacking)[:MOST_QUESTIONS]

    def summary(self, language: str) -> str:
        """What we understood, in a few words of the sender's language."""
        return summary(self, language)


def read(text: str, language: str | None = None, hint: str | None = None, place: Found | None = None) -> Sighting:
    """The report in this text. `place` is what the caller already found in it; `hint` a neighborhood to lean to."""
    place = place if place is not None else gazetteer.find(text, hint)
    seen = counting.vehicles(text, place.matched)
    when, said = salute.time(text)
    equipment = salute.equipment(text)
    size = counting.people(text, place.matched)
    only_helicopter = "helicopter" in equipment and size is None and seen.kind is None
    return Sighting(
        size=size,
        activity=salute.activity(text),
        place=place,
        uniform=salute.uniform(text),
        time=when,
        vehicles=1 if only_helicopter else seen.count,
        vehicle_kind="helicopter" if only_helicopter else seen.kind,
        vehicle_colour=seen.colour,
        equipment=equipment,
        first_hand=salute.first_hand(text),
        time_said=said,
        key_words=key_words(text),
    )


def key_words(text: str) -> tuple[str, ...]:
    """The words that two reports of one thing share: no grammar, no plates, no phone numbers."""
    grammar = words("understanding", "function_words")
    said = {word for word in plain(redact(text)).split() if len(word) >= NAMED_WORD_LETTERS or not word.isascii()}
    return tuple(sorted(said - grammar))
