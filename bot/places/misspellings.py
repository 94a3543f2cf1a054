"""Which place did a hurried thumb mean? Near spellings, only of words long enough to be told apart.

An ordinary word is never a misspelling (data/words.yml lists those within a letter or two of a place), and the
first sound must agree as Spanish ears hear it (b/v, c/k/s/z, j/h/g).
"""

from collections import defaultdict
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.places.data_files import read_data
from bot.places.lexicon import Meaning, Phrase, lexicon

SHORTEST_WORD = 5
SHORTEST_PAIR = 9
SHORTEST_IN_A_NAME = 3
"""Letters, of a word in a name of several."""
SHORTEST_AT_ITS_END = 4
"""Letters, of the last one: whatever goes on behind "signal" ("him", "his") lies near to "hil"."""
SHORTEST_GUESSED_NAME = 7
WORD_CUTOFF = 0.8  # one slip in five letters, two in ten
PAIR_CUTOFF = 0.88
_SOUNDS = str.maketrans("vkszqhgyi", "bccccjjjj")


@cache
def ordinary_words() -> frozenset[str]:
    lists = (words for words in read_data("words").values() if isinstance(words, list))
    return frozenset(str(word) for words in lists for word in words)


def near_word(word: str) -> Phrase | None:
    """The one-word name this was meant to be."""
    if len(word) < SHORTEST_WORD or word in ordinary_words() or any(map(str.isdigit, word)):
        return None
    return _nearest(word, _words().get(_sound(word), ()), WORD_CUTOFF)


def near_pair(first: str, second: str) -> Phrase | None:
    """The two-word name these two words were meant to be ("hunnington prak")."""
    pair = f"{first} {second}"
    if len(first) < SHORTEST_IN_A_NAME or len(second) < SHORTEST_AT_ITS_END:
        return None
    if len(pair) < SHORTEST_PAIR or not pair.replace(" ", "").isalpha():
        return None
    if first in ordinary_words() and second in ordinary_words():
        return None
    return _nearest(pair, _pairs().get(_sound(pair), ()), PAIR_CUTOFF)


def near_phrase(words: Phrase) -> Phrase | None:
    """The name of two or three words these were meant to be, of which one is spelt wrong ("norh long beach")."""
    for length in (3, 2):
        typed = words[:length]
        wrong = [at for at in range(len(typed)) if _may_be_a_slip(typed, at)]
        for at in wrong if len(typed) == length else ():
            if name := _one_word_off(typed, at):
                return name
    return None


def _may_be_a_slip(typed: Phrase, at: int) -> bool:
    least = SHORTEST_AT_ITS_END if at == len(typed) - 1 else SHORTEST_IN_A_NAME
    return len(typed[at]) >= least and typed[at] not in ordinary_words()


def _one_word_off(typed: Phrase, at: int) -> Phrase | None:
    rest = (*typed[:at], None, *typed[at + 1 :])
    near = (name for name in _by_the_rest().get(rest, ()) if _sound(name[at]) == _sound(typed[at]))
    return next((name for name in near if DamerauLevenshtein.distance(typed[at], name[at], score_cutoff=1) <= 1), None)


@cache
def _by_the_rest() -> dict[tuple[str | None, ...], list[Phrase]]:
    """Areas and streets of two or three words, under what is left of them with one word taken out."""
    found: dict[tuple[str | None, ...], list[Phrase]] = defaultdict(list)
    for phrase, meanings in lexicon().items():
        sure = any(each.sort in ("area", "street") and each.weight == "sure" for each in meanings)
        if sure and 2 <= len(phrase) <= 3 and len(" ".join(phrase)) >= SHORTEST_PAIR:
            for at in range(len(phrase)):
                found[(*phrase[:at], None, *phrase[at + 1 :])].append(phrase)
    return found


def _nearest(typed: str, names: tuple[str, ...], cutoff: float) -> Phrase | None:
    similarity = DamerauLevenshtein.normalized_similarity
    best = process.extractOne(typed, names, scorer=similarity, score_cutoff=cutoff)
    return tuple(best[0].split()) if best else None


def _sound(text: str) -> str:
    return text[:1].translate(_SOUNDS)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return _by_sound(1, SHORTEST_WORD)


@cache
def _pairs() -> dict[str, tuple[str, ...]]:
    return _by_sound(2, SHORTEST_PAIR)


def _by_sound(length: int, shortest: int) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for phrase, meanings in lexicon().items():
        name = " ".join(phrase)
        right_size = len(phrase) == length and len(name) >= shortest
        if right_size and name.replace(" ", "").isalpha() and _worth(name, meanings):
            groups[_sound(name)].append(name)
    return {sound: tuple(names) for sound, names in groups.items()}


def _worth(name: str, meanings: tuple[Meaning, ...]) -> bool:
    """Kinds of places and outside names are not guessed at, nor a landmark or a shy area by a short name."""
    if len(name) < SHORTEST_GUESSED_NAME:
        return any(each.sort == "street" or (each.sort == "area" and each.weight == "sure") for each in meanings)
    return any(each.sort in ("area", "street", "landmark", "city") for each in meanings)
