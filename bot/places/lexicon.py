"""What can a phrase mean? Every name of every street, area, landmark, chain, city and outside place."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.places.data_files import read_data
from bot.places.landmarks import chains, landmarks, outside_places
from bot.places.reading import BREAK, read

Sort = Literal["area", "city", "street", "landmark", "chain", "outside", "nothing"]
Weight = Literal["sure", "shy", "local"]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a phrase can mean. shy: also an ordinary word. local: only once its city is clear."""

    sort: Sort
    id: str
    weight: Weight = "sure"


@cache
def lexicon() -> dict[Phrase, tuple[Meaning, ...]]:
    entries: dict[Phrase, list[Meaning]] = defaultdict(list)
    for name, meaning in _entries():
        for phrase in _spellings(name):
            if meaning not in entries[phrase]:
                entries[phrase].append(meaning)
    return {phrase: tuple(meanings) for phrase, meanings in entries.items()}


@cache
def longest_from() -> dict[str, int]:
    """For each first word, how many words the longest phrase has that begins with it."""
    longest: dict[str, int] = {}
    for phrase in lexicon():
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


def _entries() -> Iterator[tuple[str, Meaning]]:
    yield from _areas()
    yield from _cities()
    yield from _streets()
    yield from _landmarks_and_chains()
    yield from _outside()
    yield from ((name, Meaning("nothing", "")) for name in read_data("words")["not_places"])


def _areas() -> Iterator[tuple[str, Meaning]]:
    weights: tuple[Weight, ...] = ("sure", "shy", "local")
    for row in read_data("neighborhoods"):
        for weight in weights:
            for name in row.get(weight, ()):
                yield name, Meaning("area", row["id"], weight)


def _cities() -> Iterator[tuple[str, Meaning]]:
    for city, row in read_data("cities").items():
        for name in row["names"]:
            yield name, Meaning("city", city)


def _streets() -> Iterator[tuple[str, Meaning]]:
    for street, row in read_data("street_names").items():
        for name in (row["name"], *row.get("also", ())):
            yield str(name), Meaning("street", street, "shy" if row.get("shy") else "sure")


def _landmarks_and_chains() -> Iterator[tuple[str, Meaning]]:
    for landmark in landmarks().values():
        for name in landmark.names:
            yield name, Meaning("landmark", landmark.id)
        for name in landmark.local_names:
            yield name, Meaning("landmark", landmark.id, "local")
    for chain in chains().values():
        for name in chain.names:
            yield name, Meaning("chain", chain.id)


def _outside() -> Iterator[tuple[str, Meaning]]:
    for number, place in enumerate(outside_places()):
        for name in place.names:
            yield name, Meaning("outside", str(number))
        for name in place.shy:
            yield name, Meaning("outside", str(number), "shy")


def _spellings(name: str) -> Iterator[Phrase]:
    """As written, and run together when long enough not to be another word ("bellgardens")."""
    phrase = tuple(word for word in read(name) if word != BREAK)
    if phrase:
        yield phrase
    if len(phrase) > 1 and len(phrase) < 4 and len("".join(phrase)) >= 8:
        yield ("".join(phrase),)
