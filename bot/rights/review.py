"""What has a reviewer of the rights texts to read, and to sign? Every text as it leaves today, and as it would with its numbers.

Read from the same functions that answer people, so that what is signed is what is sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.segments import for_sms, measure
from bot.rights import library
from bot.rights.topic import Topic
from messages import catalog, directory, languages

SOURCE = "en"
"""What every translation is held against."""
SAID_IN_DANGER = ("emergencies.first_door", "emergencies.first_taken", "emergencies.first_other")
"""What a cry for help is answered with before anybody has read it: advice, and so a lawyer's."""
SAID_WITH_ANY = ("rights.general", "hotline.rights_menu")
"""What belongs to no one topic."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language."""

    language: str
    words: str
    with_numbers: str | None = None
    """What would be sent once each number in it is verified, where that differs."""

    @property
    def own_name(self) -> str:
        return languages.language(self.language).own_name

    @property
    def segments(self) -> int:
        """At most: with or without its numbers."""
        return max(measure(for_sms(said, self.language)).segments for said in (self.words, self.with_numbers) if said)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of an answer (`now`, `more`, `last`) or a text by its key: its English, and the others that are read."""

    name: str
    number: int
    english: Text
    others: tuple[Text, ...]


def parts(topic: Topic, codes: tuple[str, ...]) -> tuple[Part, ...]:
    """What to do now, each MORE, and what ends it."""
    last = len(topic.words[SOURCE].more) + 1
    names = {0: "now", last: "last"}
    return tuple(
        _part(names.get(number, "more"), number, [_text(topic, code, number) for code in (SOURCE, *codes)])
        for number in range(last + 1)
    )


def shared(codes: tuple[str, ...]) -> tuple[Part, ...]:
    """The texts of no one topic that a lawyer answers for as well."""
    return tuple(
        _part(key, 0, [Text(code, catalog.text(key, code)) for code in (SOURCE, *codes)])
        for key in (*SAID_IN_DANGER, *SAID_WITH_ANY)
    )


def numbers(topic: Topic) -> tuple[directory.Entry, ...]:
    """Every number and page that the topic names, in its facts or its English words."""
    named = {name for text in _written(topic) for name in directory.named_in(text)}
    return tuple(map(directory.entry, sorted(named)))


def _part(name: str, number: int, texts: list[Text]) -> Part:
    return Part(name, number, texts[0], tuple(texts[1:]))


def _text(topic: Topic, code: str, number: int) -> Text:
    today, verified = (_said(topic.id, code, number, demo) for demo in (False, True))
    return Text(code, today, verified if verified != today else None)


def _said(topic_id: str, code: str, number: int, demo: bool) -> str:
    if number == 0:
        return library.answer(topic_id, code, demo)
    return library.more(topic_id, code, number - 1, demo) or ""


def _written(topic: Topic) -> Iterator[str]:
    yield from topic.facts
    words = topic.words[SOURCE]
    for saying in (words.short, *words.more):
        yield from (saying.text, saying.with_phone, saying.without_phone)
