"""What do we answer about this topic, who says so, and is it time to check it again?

One file for each topic, `messages/rights/<id>.yml`: facts and sources for the lawyer who reviews it, words for the resident.
A sentence with a phone number that nobody has verified is left out or replaced, except in a demo.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import messages
from messages import catalog, directory, languages, yaml_files

FOLDER = Path(messages.__file__).parent / "rights"
NOT_TOPICS = ("phrases.", "concepts.", "words.")


@dataclass(frozen=True)
class Saying:
    """One text: its words, and the sentence that follows them when its numbers may be sent, or when they may not."""

    text: str
    with_phone: str = ""
    without_phone: str = ""

    def said(self, demo: bool) -> str:
        ending = self.with_phone if directory.may_say(self.with_phone, demo) else self.without_phone
        return directory.filled(f"{self.text} {ending}".strip())


@dataclass(frozen=True)
class Words:
    """A topic in one language: a title for menus, what to do now, and what to say on MORE."""

    title: str
    short: Saying
    more: tuple[Saying, ...]


@dataclass(frozen=True)
class Topic:
    """One know-your-rights answer, with what it stands on."""

    id: str
    law_moving: bool
    review_by: date
    reviewed_by: str | None
    situation_words: dict[str, tuple[str, ...]]
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    words: dict[str, Words]

    def in_language(self, language: str) -> Words:
        return next(self.words[code] for code in (*languages.chain(language), "en") if code in self.words)


def topics() -> tuple[Topic, ...]:
    return tuple(_topics().values())


def topic(topic_id: str) -> Topic:
    return _topics()[topic_id]


def title(topic_id: str, language: str) -> str:
    return topic(topic_id).in_language(language).title


def answer(topic_id: str, language: str, demo: bool) -> str:
    """What to do now."""
    return topic(topic_id).in_language(language).short.said(demo)


def more(topic_id: str, language: str, n: int, demo: bool = False) -> str | None:
    """The nth text on MORE, counted from 0: the topic's own, then that this is no legal advice, then nothing."""
    sayings = topic(topic_id).in_language(language).more
    if n < len(sayings):
        return sayings[n].said(demo)
    return catalog.text("rights.general", language) if n == len(sayings) else None


def overdue(today: date) -> tuple[Topic, ...]:
    """The topics whose words nobody has reviewed, or whose review is due."""
    return tuple(each for each in topics() if each.reviewed_by is None or each.review_by <= today)


@cache
def _topics() -> dict[str, Topic]:
    files = sorted(path for path in FOLDER.glob("*.yml") if not path.name.startswith(NOT_TOPICS))
    translated = _translated()
    return {
        path.stem: _topic(path, {code: words.get(path.stem) for code, words in translated.items()}) for path in files
    }


def _translated() -> dict[str, dict[str, Any]]:
    """For each language but the two that the topics are written in, the words of every topic (`words.<language>.yml`)."""
    found = {path.name.split(".")[1]: yaml_files.read(path) for path in sorted(FOLDER.glob("words.*.yml"))}
    for code, words in found.items():
        _notes[code] = words.pop(catalog.META)
    return found


_notes: dict[str, dict[str, object]] = {}


def note(language: str) -> dict[str, object]:
    """Who reviewed the translation of the topics into this language, and when. Raises `KeyError` where it is none."""
    topics()
    return _notes[language]


def _topic(path: Path, translated: dict[str, Any]) -> Topic:
    content = {**yaml_files.read(path), **{code: words for code, words in translated.items() if words}}
    spoken = {code: _words(content[code]) for code in languages.LANGUAGES if code in content}
    if content["id"] != path.stem or not spoken.keys() >= set(languages.COMPLETE):
        raise ValueError(f"{path.name}: its id is not its name, or a complete language is missing")
    return Topic(
        id=content["id"],
        law_moving=content["law_moving"],
        review_by=content["review_by"],
        reviewed_by=content["reviewed_by"],
        situation_words={code: tuple(words) for code, words in content["situation_words"].items()},
        facts=tuple(content["facts"]),
        sources=tuple(content["sources"]),
        words=spoken,
    )


def _words(content: dict[str, Any]) -> Words:
    short = Saying(content["short"], content.get("with_phone", ""), content.get("without_phone", ""))
    return Words(content["title"], short, tuple(Saying(**saying) for saying in content["more"]))
