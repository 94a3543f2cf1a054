"""Every text that people may get, in every language, with sample values: what the checks of wording walk through."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.rights import library
from messages import catalog, languages

LONGEST_PLACE = "Long Beach Blvd y Pacific Coast Hwy"
SAMPLES: dict[str, object] = {
    "place": LONGEST_PLACE, "corner": LONGEST_PLACE, "neighborhood": "Huntington Park", "time": "12:08am",
    "until": "12:12am", "code": "K7Q", "operator": "Comité del Barrio", "count": 12,
}  # fmt: skip


class Said(NamedTuple):
    """One text as a person would read it."""

    where: str
    language: str
    text: str


def from_the_catalog() -> Iterator[Said]:
    for namespace in catalog.namespaces():
        for key in catalog.keys(namespace):
            for language in languages.LANGUAGES:
                if language in catalog.languages_of(key) and language in spoken(namespace):
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
    values = {name: SAMPLES.get(name, "1234") for name in catalog.placeholders(key, language)}
    return catalog.text(key, language, **values) if "count" not in values else _with_count(key, language, values)


def _with_count(key: str, language: str, values: dict[str, object]) -> str:
    """A stored plural form is asked for by its stem; the sample number decides which form is said."""
    stem, _, form = key.rpartition("_")
    is_form = form in ("one", "many", "other")
    return catalog.text(stem if is_form else key, language, **(values | {"count": 1 if form == "one" else 12}))
