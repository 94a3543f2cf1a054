"""What is a command, once understood? Its name, the language of its word, what was said with it."""

from dataclasses import dataclass

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
    having = [
        code for code, file in entries("commands").items() if said in {plain(str(w)) for w in file.get(name) or ()}
    ]
    return language if language in having else next(iter(having), None)
