"""What do we answer about this topic, in which words, and is it time to check them again?

One file for each topic, `messages/rights/<id>.yml` (`topic`); its translations stand in `words.<language>.yml`. A sentence with a
phone number that nobody has verified is left out or replaced, except in a demo.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import messages
from bot.channels.segments import fits, for_sms, measure
from bot.rights.topic import Review, Saying, Topic, Words, read
from messages import catalog, yaml_files
from messages.formats import numbered
from messages.signing import mark, stands

__all__ = ["FOLDER", "Review", "Saying", "Topic", "Words"]

FOLDER = Path(messages.__file__).parent / "rights"
NOT_TOPICS = ("phrases.", "concepts.", "words.")


@dataclass(frozen=True)
class _Translation:
    """`words.<language>.yml`: a note of who reviewed it, and the words of every topic."""

    note: dict[str, object]
    words: dict[str, Any]


def topics() -> tuple[Topic, ...]:
    return tuple(_topics().values())


def topic(topic_id: str) -> Topic:
    return _topics()[topic_id]


def title(topic_id: str, language: str) -> str:
    return topic(topic_id).in_language(language).title


def answer(topic_id: str, language: str, demo: bool) -> str:
    """What to do now; and how to hear more, where saying so costs no segment."""
    now = topic(topic_id).in_language(language).short.said(demo)
    told = f"{now} {catalog.text('rights.more', language)}"
    return told if _segments(told, language) == _segments(now, language) else now


def more(topic_id: str, language: str, n: int, demo: bool = False) -> str | None:
    """The nth text on MORE, counted from 0: the topic's own; then that this is no legal advice, and what to ask next."""
    sayings = topic(topic_id).in_language(language).more
    if n < len(sayings):
        return sayings[n].said(demo)
    return _last(offered(topic_id, language, n), language) if n == len(sayings) else None


def offered(topic_id: str, language: str, n: int) -> tuple[str, ...]:
    """The topics that the nth text on MORE offers by number: on the last one, as many as fit; on all others none."""
    known = topic(topic_id)
    if n != len(known.in_language(language).more):
        return ()
    offers = [known.follow_ups[:count] for count in range(len(known.follow_ups), 0, -1)]
    return next((topics for topics in offers if fits(_last(topics, language), language)), ())


def _last(topics: tuple[str, ...], language: str) -> str:
    """`topics`: what they may ask about next."""
    general = catalog.text("rights.general", language)
    if not topics:
        return general
    titles = numbered([title(each, language) for each in topics])
    return f"{general} {catalog.text('rights.follow_ups', language, choices=titles)}"


def _segments(text: str, language: str) -> int:
    return measure(for_sms(text, language)).segments


def overdue(today: date) -> tuple[Topic, ...]:
    """The topics whose words as they stand nobody has signed, or whose next review is due."""
    return tuple(each for each in topics() if each.review(today) is not Review.GOOD)


def translations() -> tuple[str, ...]:
    """The languages that stand in a file of their own, beside those that the topics are written in."""
    return tuple(_translations())


def note(language: str) -> dict[str, object]:
    """Who reviewed the translation of the topics into this language, and when. Raises `KeyError` where it is none."""
    return _translations()[language].note


def translation_mark(language: str) -> str:
    """Of every word of a translation as it stands: what its reviewer signs. Raises `KeyError` where it is none."""
    return mark(_translations()[language].words)


def is_signed(language: str) -> bool:
    """Somebody has signed this translation, and no word of it has changed since."""
    return stands(note(language), translation_mark(language))


@cache
def _translations() -> dict[str, _Translation]:
    """For each language but the two that the topics are written in."""
    found = {path.name.split(".")[1]: yaml_files.read(path) for path in sorted(FOLDER.glob("words.*.yml"))}
    return {code: _Translation(content.pop(catalog.META), content) for code, content in found.items()}


@cache
def _topics() -> dict[str, Topic]:
    files = sorted(path for path in FOLDER.glob("*.yml") if not path.name.startswith(NOT_TOPICS))
    translated = {code: known.words for code, known in _translations().items()}
    return {path.stem: read(path, {code: words.get(path.stem) for code, words in translated.items()}) for path in files}
