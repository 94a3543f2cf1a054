"""Which place names does a text mention, where, and what stands right before and after each?"""

import re
from dataclasses import dataclass
from functools import cache

from bot.places.data_files import read_data
from bot.places.lexicon import Meaning, Sort, lexicon, longest_from
from bot.places.misspellings import near_pair, near_phrase, near_word
from bot.places.ordinals import ordinal
from bot.places.reading import BREAK, FOREIGN
from bot.places.streets import street

MAX_WORDS = 400
_NUMBERED = re.compile(r"(\d{1,3})(st|nd|rd|th|ta|ma|na|va|da|ra)?")


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase at words[start:end].

    guessed: read through a misspelling. bare: a number with nothing to show that it is a street. pointed: an article
    or suffix says that it is a street ("la Gage", "Gage Ave").
    """

    start: int
    end: int
    meanings: tuple[Meaning, ...]
    guessed: bool = False
    bare: bool = False
    pointed: bool = False

    def of(self, *sorts: Sort) -> tuple[Meaning, ...]:
        return tuple(each for each in self.meanings if each.sort in sorts)

    @property
    def names(self) -> bool:
        """Whether it names anything: "taco bell" holds a city's name and is none."""
        return not self.of("nothing")

    @property
    def street(self) -> Meaning | None:
        return next(iter(self.of("street")), None)


@cache
def word_set(name: str) -> frozenset[str]:
    return frozenset(str(word) for word in read_data("words")[name])


def spot(words: tuple[str, ...]) -> list[Mention]:
    """Every place name, left to right, longest first; misspellings only where nothing fits."""
    spotted: list[Mention] = []
    at = 0
    while at < min(len(words), MAX_WORDS):
        mention = next((found for how in _WAYS if (found := how(words, at))), None)
        if mention is None:
            at += 1
            continue
        spotted.append(mention)
        at = mention.end
    return spotted


def _named(words: tuple[str, ...], at: int) -> Mention | None:
    for length in range(min(longest_from().get(words[at], 0), len(words) - at), 0, -1):
        meanings = lexicon().get(words[at : at + length])
        if meanings:
            return _mention(words, at, at + length, meanings)
    return None


def _numbered(words: tuple[str, ...], at: int) -> Mention | None:
    """A numbered street: "7th", "la 58"; a number alone is `bare` until a joined street vouches for it."""
    match = _NUMBERED.fullmatch(words[at])
    if match is None or not (0 < int(match[1]) < 130):
        return None
    name = ordinal(int(match[1]))
    if street(name, "hp") is None and street(name, "lb") is None:
        return None
    mention = _mention(words, at, at + 1, (Meaning("street", name, "shy"),))
    bare = match[2] is None and not mention.pointed
    return Mention(mention.start, mention.end, mention.meanings, bare=bare, pointed=mention.pointed)


def _misspelt_pair(words: tuple[str, ...], at: int) -> Mention | None:
    """ "hunnington prak"; never where either word begins a longer name or is one by itself after the first."""
    if at + 1 >= len(words) or words[at : at + 2] in lexicon() or words[at + 1 : at + 2] in lexicon():
        return None
    pair = near_pair(words[at], words[at + 1])
    return _mention(words, at, at + 2, lexicon()[pair], guessed=True) if pair else None


def _misspelt_name(words: tuple[str, ...], at: int) -> Mention | None:
    name = near_phrase(words[at : at + 3])
    return _mention(words, at, at + len(name), lexicon()[name], guessed=True) if name else None


def _misspelt(words: tuple[str, ...], at: int) -> Mention | None:
    single = near_word(words[at])
    return _mention(words, at, at + 1, lexicon()[single], guessed=True) if single else None


_WAYS = (_misspelt_pair, _named, _numbered, _misspelt_name, _misspelt)
"""The first that reads something."""


def _mention(
    words: tuple[str, ...], start: int, end: int, meanings: tuple[Meaning, ...], guessed: bool = False
) -> Mention:
    if not any(each.sort == "street" for each in meanings):
        return Mention(start, end, meanings, guessed)
    suffixed = end < len(words) and words[end] in word_set("suffixes")
    before = word_before(words, start)
    if before in word_set("directions"):
        before = word_before(words, start - 1)
    pointed = suffixed or before in word_set("street_before")
    return Mention(start, end + suffixed, meanings, guessed, pointed=pointed)


def word_before(words: tuple[str, ...], at: int) -> str:
    """The word just before, stepping over a stretch of another script."""
    while at > 0 and words[at - 1] == FOREIGN:
        at -= 1
    return words[at - 1] if at > 0 else BREAK


def word_after(words: tuple[str, ...], at: int) -> str:
    while at < len(words) and words[at] == FOREIGN:
        at += 1
    return words[at] if at < len(words) else BREAK
