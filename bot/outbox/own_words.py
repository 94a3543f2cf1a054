"""May a volunteer's own words go to one reporter? The only text that leaves without having been written down beforehand.

Promise 2 lets it leave for one recorded reason (`relay`), in a prewritten frame that says who asks and that no answer is owed.
What fills the frame is a short question in English or Spanish, and it is looked at twice: when it is asked, and by the fuse
each time it is rendered. A list cannot know every name; so nothing inside a sentence begins with a capital letter, and nothing
holds more than two digits in a row.
"""

import re
from collections.abc import Mapping

from messages import languages, tongue
from messages.vocabulary import phrases
from messages.wording import plain

KEY = "relay.own"
SHORTEST, LONGEST = 8, 90
LISTS = ("never_asked", "never_told")

_LETTERS = re.compile(r"[A-Za-zÁÉÍÓÚÑÜáéíóúñü0-9 ,.;:'()?¿-]+")
_DIGITS = re.compile(r"\d{3}|\d[A-Za-z]{2}|[A-Za-z]{2}\d|\d\D\d\D\d")
_LINK = re.compile(r"\w\.\w|\bwww\b|\bhttps?\b", re.IGNORECASE)
_INNER_CAPITAL = re.compile(r"(?<=[^.?!¿] )(?![A-ZÑ]{2,5}\b)[A-ZÁÉÍÓÚÑÜ]")


def trouble(question: str, language: str) -> str | None:
    """Why it may not be asked, as the last part of a key of `console.relay`; `None` when it may."""
    asked = question.strip()
    rules = {
        "language": languages.base(language) not in languages.STAFF or _is_in_another(asked, language),
        "length": not SHORTEST <= len(asked) <= LONGEST,
        "link": _LINK.search(asked) is not None,
        "signs": _LETTERS.fullmatch(asked) is None,
        "digits": _DIGITS.search(asked) is not None,
        "no_question": not asked.endswith("?") or asked.count("?") > 1,
        "name": _INNER_CAPITAL.search(asked) is not None,
        "never": any(phrases("relay", name).search(plain(asked)) for name in LISTS),
    }
    return next((name for name, broken in rules.items() if broken), None)


def must_pass(language: str, values: Mapping[str, object]) -> None:
    """For the fuse: raises `ValueError` for what may not leave."""
    why = trouble(str(values.get("question", "")), language)
    if why is not None:
        raise ValueError(f"not a question that may be asked: {why}")


def _is_in_another(asked: str, language: str) -> bool:
    """Surely written in a language that its reader may not read."""
    guessed = tongue.guess(asked)
    return guessed.sure and guessed.code not in (None, languages.base(language))
