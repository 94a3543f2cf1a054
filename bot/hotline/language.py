"""Which language is this written in? Script first, then the words that only one language has.

Spanglish is answered in Spanish. "ICE", "la migra" and street names belong to nobody and have no vote. py3langid was
measured and left out: 105 MB in every process (130 while loading), for texts that are mostly shorter than it can judge.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from messages.vocabulary import entries, phrases
from messages.wording import plain

SCRIPTS = {"km": re.compile("[\u1780-\u17ff]"), "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
           "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")}
VIETNAMESE_LETTERS = re.compile("[\u0103\u0111\u01a1\u01b0]|[aeiouy\u0103\u00e2\u00ea\u00f4\u01a1\u01b0][\u0309\u0323]|[\u0103\u00e2\u00ea\u00f4\u01a1\u01b0][\u0300\u0301\u0303]")
SPANISH_LETTERS = re.compile("[\u00f1\u00bf\u00a1]")
LATIN = ("en", "es", "tl", "vi")

SPANISH_SHARE = 0.34
"""From this share of Spanish words on a mixed text is answered in Spanish: its writer reads Spanish."""

SURE_WORDS = 2
"""One word alone may be a name or a loan."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`code` is None where the text does not tell. `sure`: enough words to switch a person's language on."""

    code: str | None
    sure: bool = False


def guess(text: str, place: str = "") -> Guess:
    """The language of a text. `place`: the words that name a place in it, which say nothing of its language."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).casefold()
    for code, letters in SCRIPTS.items():
        if letters.search(composed):
            return Guess(code, True)
    if len(VIETNAMESE_LETTERS.findall(_marks(composed))) >= 2:
        return Guess("vi", True)
    return _by_words(plain(text), place, bool(SPANISH_LETTERS.search(composed)))


def _marks(composed: str) -> str:
    """Letters with their tone marks set apart, the letter's own shape (ă â ê ô ơ ư) kept."""
    pieces = []
    for character in composed:
        parts = unicodedata.normalize("NFD", character)
        tone = [c for c in parts[1:] if c in "\u0300\u0301\u0303\u0309\u0323"]
        shape = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone))
        pieces.append(shape + "".join(tone))
    return "".join(pieces)


def _by_words(said: str, place: str, spanish_letters: bool) -> Guess:
    said = phrases("understanding", "no_vote").sub(" ", said)
    said = re.sub(rf"(?<![a-z0-9])(?:la |el |las |los )?{re.escape(place)}(?![a-z0-9])", " ", said) if place else said
    votes = dict.fromkeys(LATIN, 0.0)
    for word in said.split():
        for code in (voters := _voters().get(word, ())):
            votes[code] += 1 / len(voters)
    votes["es"] += spanish_letters
    return _winner(votes)


def _winner(votes: dict[str, float]) -> Guess:
    total = sum(votes.values())
    if not total:
        return Guess(None)
    best = max(votes, key=lambda code: votes[code])
    mixed = best == "en" and votes["es"] >= SURE_WORDS and votes["es"] / total >= SPANISH_SHARE
    code = "es" if mixed else best
    return Guess(code, votes[code] >= SURE_WORDS)


@lru_cache(maxsize=1)
def _voters() -> dict[str, tuple[str, ...]]:
    """Every function word and the languages that have it."""
    having: dict[str, list[str]] = {}
    for code in LATIN:
        for word in dict.fromkeys(plain(str(w)) for w in entries("understanding")[code].get("function_words") or ()):
            having.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in having.items()}
