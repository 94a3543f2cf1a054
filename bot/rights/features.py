"""What in a question tells what it is about? Its words, pieces of words (people misspell), and the ideas they stand for.

An idea (`concepts.yml`) has the same name in every language, so seven languages learn from each other's questions.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.rights.library import FOLDER
from messages import yaml_files
from messages.wording import plain

IDEA_WEIGHT = 3.7
"""An idea counts as much as this many plain words: 75.7% top-1 in cross-validation at 2.8, 76.7% at 3.7."""
EVERYDAY, EVERYDAY_WEIGHT = "everyday", 3.0
"""The one idea that speaks for chatter; a real question may also name a day or a party."""
LATIN_PIECES = range(3, 6)
OTHER_PIECES = range(1, 5)

SHORTEST_SOUNDED = 4

_LATIN = re.compile(r"[a-z0-9]")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<!c)h", ""), (r"qu(?=[ei])|k|c(?=[^hei]|$)|q", "k"), (r"z|c(?=[ei])", "s"), (r"v", "b"), (r"ll", "y"),
        (r"gu(?=[aei])|j(?=[ei])", "g"), (r"n(?=[bp])", "m"), (r"(.)\1", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=2)  # for topics and for kinds: the same text, one after the other
def features(text: str) -> dict[str, float]:
    """Every feature of a text, with how much it counts before it is known how rare it is."""
    return described(plain(text))


def described(told: str) -> dict[str, float]:
    """The same of a plain text."""
    counted = Counter(_words(told))
    weights = {feature: 1 + math.log(count) for feature, count in counted.items()}
    ideas = sorted(_lexicon().ideas_in(told))
    weights |= {f"@{idea}": EVERYDAY_WEIGHT if idea == EVERYDAY else IDEA_WEIGHT for idea in ideas}
    weights |= {f"@{one}+{other}": 1.0 for at, one in enumerate(ideas) for other in ideas[at + 1 :]}
    return weights


def _words(told: str) -> list[str]:
    found: list[str] = []
    latin = []
    for word in told.split():
        if _LATIN.match(word):
            latin.append(word)
            found += _pieces(f"<{word}>", LATIN_PIECES)
        else:
            found += _pieces(word, OTHER_PIECES)
    found += [f"w:{word}" for word in latin]
    found += [f"b:{one} {other}" for one, other in zip(["^", *latin], [*latin, "$"], strict=True)]
    return found + [f"s:{one} {other}" for one, other in zip(latin, latin[2:], strict=False)]


def _pieces(word: str, sizes: range) -> list[str]:
    return [word[at : at + size] for size in sizes for at in range(len(word) - size + 1)]


@dataclass(frozen=True)
class Lexicon:
    """The words of every idea, sorted by how they are looked for."""

    whole: dict[str, frozenset[str]]
    starts: dict[str, frozenset[str]]
    together: dict[str, frozenset[str]]
    inside: dict[str, frozenset[str]]
    spaced: re.Pattern[str]
    unspaced: re.Pattern[str]

    def ideas_in(self, told: str) -> set[str]:
        found: set[str] = set()
        for phrase in self.spaced.findall(told):
            found |= self.together[phrase]
        for part in () if told.isascii() else self.unspaced.findall(told):
            found |= self.inside[part]
        for word in told.split():
            found |= self._meant(word) or self._meant(sounded(word))
        return found

    def _meant(self, word: str) -> frozenset[str]:
        return self.whole.get(word, frozenset()) | self._longest_start(word)

    def _longest_start(self, word: str) -> frozenset[str]:
        starts = (word[:size] for size in range(len(word), 2, -1))
        return next((self.starts[start] for start in starts if start in self.starts), frozenset())


def sounded(word: str) -> str:
    """The word as it sounds in Spanish, which is how it gets misspelled: `fiansa`, `quanto`, `aboguado`, `avogado`."""
    if len(word) < SHORTEST_SOUNDED:
        return word
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


@cache
def _lexicon() -> Lexicon:
    kinds: dict[str, dict[str, set[str]]] = {"whole": {}, "starts": {}, "together": {}, "inside": {}}
    for idea, listed in yaml_files.read(FOLDER / "concepts.yml").items():
        for written in listed:
            word = plain(written.removesuffix("*"))
            kind = _kind(word, written)
            for spelling in {word, sounded(word)} if kind in ("whole", "starts") else {word}:
                kinds[kind].setdefault(spelling, set()).add(idea)
    frozen = {kind: {word: frozenset(ideas) for word, ideas in words.items()} for kind, words in kinds.items()}
    spaced = rf"(?<![a-z0-9])(?:{_any(frozen['together'])})(?![a-z0-9])"
    return Lexicon(**frozen, spaced=re.compile(spaced), unspaced=re.compile(_any(frozen["inside"])))


def _kind(word: str, written: str) -> str:
    if not _LATIN.match(word):
        return "inside"
    if " " in word:
        return "together"
    return "starts" if written.endswith("*") else "whole"


def _any(words: dict[str, frozenset[str]]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
