"""Every text that people may get, in every language, with sample values: what the checks of wording walk through."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.rights import library
from messages import catalog, languages, samples
from tests.messages.written_in import languages_of

ON_THE_DESK = "console."
"""Sent to nobody, so there is no sample of it: its gaps are filled with anything."""


class Said(NamedTuple):
    """One text as a person would read it."""

    where: str
    language: str
    text: str


def from_the_catalog() -> Iterator[Said]:
    for namespace in catalog.namespaces():
        for key in catalog.keys(namespace):
            for language in languages.LANGUAGES:
                if language in languages_of(key) and language in spoken(namespace):
                    yield Said(key, language, rendered(key, language))


def from_rights(demo: bool) -> Iterator[Said]:
    for topic in library.topics():
        for language in topic.words:
            yield Said(f"rights/{topic.id}", language, library.answer(topic.id, language, demo))
            number = 0
            while (said := library.more(topic.id, language, number, demo)) is not None:
                yield Said(f"rights/{topic.id}/more{number}", language, said)
                number += 1


def everything() -> list[Said]:
    return [*from_the_catalog(), *from_rights(True), *from_rights(False)]


def spoken(namespace: str) -> tuple[str, ...]:
    return tuple(language for language in languages.LANGUAGES if (namespace, language) in catalog._notes)


def rendered(key: str, language: str) -> str:
    if not key.startswith(ON_THE_DESK):
        return samples.filled(key, language)
    values = {name: samples.VALUES.get(name, "1234") for name in catalog.placeholders(key, language)}
    return catalog.text(key, language, **values)
