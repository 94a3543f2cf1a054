"""What stands in a topic's file: words for the resident, facts and sources for the lawyer, and who has signed which words.

A signature is for exact words: `reviewed_mark` is the mark of what was signed (`python -m bot rights sheet` prints it). Once a
word or a fact has changed since, nobody has reviewed the topic.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from messages import directory, languages, yaml_files
from messages.signing import mark


class Review(StrEnum):
    """How a topic stands with its lawyers."""

    MISSING = "missing"  # nobody has signed it
    CHANGED = "changed"  # signed, and other words since
    DUE = "due"  # signed, and to be read again by now
    GOOD = "good"


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
    reviewed_on: date | None
    reviewed_mark: str | None
    mark: str
    """Of the facts and of the English and Spanish words as they stand now."""
    follow_ups: tuple[str, ...]
    """What people ask next: other topics, offered by number after the last MORE."""
    situation_words: dict[str, tuple[str, ...]]
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    words: dict[str, Words]

    def in_language(self, language: str) -> Words:
        return next(self.words[code] for code in (*languages.chain(language), "en") if code in self.words)

    def review(self, today: date) -> Review:
        if self.reviewed_by is None:
            return Review.MISSING
        if self.reviewed_mark != self.mark:
            return Review.CHANGED
        return Review.DUE if self.review_by <= today else Review.GOOD


def read(path: Path, translated: dict[str, Any]) -> Topic:
    """`translated`: its words in the languages that have files of their own."""
    content = {**yaml_files.read(path), **{code: words for code, words in translated.items() if words}}
    spoken = {code: _words(content[code]) for code in languages.LANGUAGES if code in content}
    if content["id"] != path.stem or not spoken.keys() >= set(languages.COMPLETE):
        raise ValueError(f"{path.name}: its id is not its name, or a complete language is missing")
    signed = [content.get(name) for name in ("reviewed_by", "reviewed_on", "reviewed_mark")]
    if any(signed) and not all(signed):
        raise ValueError(f"{path.name}: a signature is reviewed_by, reviewed_on and reviewed_mark together")
    if not all(isinstance(content.get(name), date | None) for name in ("review_by", "reviewed_on")):
        raise TypeError(f"{path.name}: review_by and reviewed_on are dates (2026-12-31, without quotes)")
    return Topic(
        id=content["id"],
        law_moving=content["law_moving"],
        review_by=content["review_by"],
        reviewed_by=content["reviewed_by"],
        reviewed_on=content.get("reviewed_on"),
        reviewed_mark=content.get("reviewed_mark"),
        mark=mark(content["facts"], *(content[code] for code in languages.STAFF)),
        follow_ups=tuple(content["follow_ups"]),
        situation_words={code: tuple(words) for code, words in content["situation_words"].items()},
        facts=tuple(content["facts"]),
        sources=tuple(content["sources"]),
        words=spoken,
    )


def _words(content: dict[str, Any]) -> Words:
    short = Saying(content["short"], content.get("with_phone", ""), content.get("without_phone", ""))
    return Words(content["title"], short, tuple(Saying(**saying) for saying in content["more"]))
