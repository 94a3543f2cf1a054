"""Which language is this written in? Script first, then the words that only one language has.

Spanglish is Spanish to us: its writer reads Spanish. "ICE", "la migra" and street names belong to nobody and have no
vote. py3langid was measured and left out: 105 MB in every process (130 while loading), for texts too short for it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from messages.vocabulary import entries, phrases
from messages.wording import plain, simplified

SCRIPTS = {
    "km": re.compile("[\u1780-\u17ff]"),
    "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
}
VIETNAMESE_LETTERS = re.compile("[ăđơư]|[aeiouyâêô][\u0309\u0323]|[ăâêôơư][\u0300\u0301\u0303]")
SPANISH_LETTERS = re.compile("[ñ¿¡]")
IN_BOTH_SCRIPTS = frozenset("著覆瞭乾藉夥妳")
"""These are read as others, and yet written in simplified texts too."""
LATIN = ("en", "es", "tl", "vi")
ARTICLES = frozenset({"el", "la", "los", "las", "de", "del", "y", "un", "una"})
"""They stand before street names in English texts too."""

MIXED_WORDS = 2
"""So many Spanish words make an English text Spanglish."""

SURE_WORDS = 2
"""One word alone may be a name or a loan."""


NOT_PHRASES = ("joke_signs",)
"""Lists that are looked for as they stand."""


SURE_LETTERS = 2
"""So many different traditional letters: one alone may be a name, or quoted."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`code` is None where the text does not tell. `sure`: enough words to switch a person's language on."""

    code: str | None
    sure: bool = False


def guess(text: str, place: str = "") -> Guess:
    """The language of a text. `place`: the words that name a place in it, which say nothing of its language."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    if script := _script(composed):
        return Guess(script, True)
    if len(VIETNAMESE_LETTERS.findall(_tones_apart(composed))) >= SURE_WORDS:
        return Guess("vi", True)
    return _by_words(plain(text), place, bool(SPANISH_LETTERS.search(composed)))


def script(code: str, text: str, theirs: str | None = None, enough: int = SURE_LETTERS) -> str:
    """The language in the letters that its writer reads: Chinese in traditional ones where they write or chose those."""
    if code != "zh":
        return code
    return "zh-Hant" if theirs == "zh-Hant" or len(_traditional(text)) >= enough else code


def _traditional(text: str) -> set[str]:
    """The letters that only traditional Chinese has."""
    return {letter for letter in text if ord(letter) in simplified() and letter not in IN_BOTH_SCRIPTS}


@lru_cache(maxsize=8)
def heard(said: str) -> tuple[str, ...]:
    """Whose phrases to listen for in a plain text: unaccented, Vietnamese "sẽ" and Spanish "se" are one word."""
    if script := _script(said):
        return (script, "en")
    votes = _votes(said)
    best = max(votes, key=lambda code: votes[code])
    return (best, "en") if best in ("vi", "tl") and votes[best] >= SURE_WORDS else ("en", "es")


def search(said: str, *names: str) -> re.Match[str] | None:
    """The first phrase of these lists in a plain text, in the languages it may be written in."""
    spoken = spelled(said)
    found = [match for pattern in _patterns(heard(said), names) if (match := pattern.search(spoken))]
    return min(found, key=lambda match: match.start(), default=None)


def without(said: str, *names: str, put: str = " ") -> str:
    """The plain text with these phrases taken out."""
    said, patterns = spelled(said), _patterns(heard(said), names)
    for pattern in patterns:
        said = pattern.sub(put, said)
    return said


def warm() -> None:
    """Compiles every list now (about two seconds), so that nobody's first text waits for it."""
    for language, file in entries("understanding").items():
        for name, content in file.items():
            if isinstance(content, list) and name not in NOT_PHRASES:
                phrases("understanding", name, language)
    _voters()


@cache
def _patterns(languages: tuple[str, ...], names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(phrases("understanding", name, language) for language in languages for name in names)


@lru_cache(maxsize=8)
def spelled(said: str) -> str:
    """The plain text with short ways of typing undone: "they r" as "theyre", "k" as "que"."""
    table = _short_forms(heard(said))
    words = [table.get(word, word) for word in said.split()]
    return " ".join(" ".join(words).replace("they are ", "theyre ").split())


@cache
def _short_forms(languages: tuple[str, ...]) -> dict[str, str]:
    return {
        plain(short): plain(full)
        for code in languages
        for short, full in (entries("understanding")[code].get("short_forms") or {}).items()
    }


def _script(text: str) -> str | None:
    return next((code for code, letters in SCRIPTS.items() if letters.search(text)), None)


def _tones_apart(composed: str) -> str:
    """Each letter with its tone mark behind it, its own shape (ă â ê ô ơ ư đ) kept."""
    if composed.isascii():
        return composed
    tones = "\u0300\u0301\u0303\u0309\u0323"
    pieces = []
    for letter in composed:
        marks = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        pieces.append(shape + "".join(m for m in marks if m in tones))
    return "".join(pieces)


def _by_words(said: str, place: str, spanish_letters: bool) -> Guess:
    if place:
        said = re.sub(rf"(?<![a-z0-9])(?:(?:la|el|los|las) )?{re.escape(place)}(?![a-z0-9])", " ", said)
    votes = _votes(phrases("understanding", "no_vote").sub(" ", said))
    votes["es"] += spanish_letters
    if not any(votes.values()):
        return Guess(None)
    best = max(LATIN, key=lambda code: votes[code])
    code = "es" if best == "en" and votes["es"] >= MIXED_WORDS and _more_than_articles(said) else best
    return Guess(code, votes[code] >= SURE_WORDS)


def _votes(said: str) -> dict[str, float]:
    """One vote for each common word; a word that several languages have is shared by those that are surely spoken."""
    having = [voters for word in said.split() if (voters := _voters().get(word))]
    sure = {voters[0] for voters in having if len(voters) == 1}
    votes = dict.fromkeys(LATIN, 0.0)
    for voters in having:
        able = [code for code in voters if code in sure] or voters
        for code in able:
            votes[code] += 1 / len(able)
    return votes


def _more_than_articles(said: str) -> bool:
    return any(_voters().get(word) == ("es",) for word in set(said.split()) - ARTICLES)


@lru_cache(maxsize=1)
def _voters() -> dict[str, tuple[str, ...]]:
    """Every common word and the languages that have it."""
    having: dict[str, list[str]] = {}
    for code in LATIN:
        for word in dict.fromkeys(plain(str(w)) for w in entries("understanding")[code].get("function_words") or ()):
            having.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in having.items()}
