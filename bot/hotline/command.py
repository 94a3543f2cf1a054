"""What is a command, once understood? Its name, the language of its word, what was said with it."""

from dataclasses import dataclass
from functools import cache

from messages.vocabulary import entries
from messages.wording import plain


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked of us. `language` is the one the word belongs to, where it belongs to one."""

    name: str
    language: str | None = None
    argument: str = ""

    @property
    def joins(self) -> bool:
        return self.name in ("JOIN", "START")


def spoken(said: str, name: str, language: str | None) -> str | None:
    """Which language the word is of: the sender's own if it is there too, else the first that has it."""
    having = by_word(name).get(said, ())
    return language if language in having else next(iter(having), None)


@cache
def by_word(name: str) -> dict[str, tuple[str, ...]]:
    """The languages that have each phrase of a list of commands: reading them anew took two thirds of a text's time."""
    having: dict[str, dict[str, None]] = {}
    for code, file in entries("commands").items():
        for phrase in file.get(name) or ():
            having.setdefault(plain(str(phrase)), {})[code] = None
    return {said: tuple(codes) for said, codes in having.items()}
