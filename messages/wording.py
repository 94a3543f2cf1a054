"""How does a text look once case, accents, emoji and typing habits are set aside? The form in which words are compared."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

LATIN_ACCENTS = re.compile("[\u0300-\u036f]")
"""Only these: the vowel signs of Khmer are combining characters too, and carry its meaning."""

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u00b4`]")
_INVISIBLE = re.compile(
    "[\u00ad\u20e3\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_OTHER_SCRIPT = r"[\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]"
_GLUED = re.compile(rf"(?<=[a-z0-9])(?={_OTHER_SCRIPT})|(?<={_OTHER_SCRIPT})(?=[a-z0-9])")
_SIMPLIFIED = Path(__file__).with_name("simplified.txt")
_LETTERS = {"đ": "d", "ø": "o", "ı": "i", "ł": "l", "æ": "ae", "œ": "oe"}


@lru_cache(maxsize=8)  # one text is read by several rooms; nobody's words are kept longer than that
def folded(text: str) -> str:
    """Lower case, no accents, ordinary digits and letters, simplified Chinese; punctuation stays where it was."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFKD", text.casefold()) if not text.isascii() else text.casefold()
    text = unicodedata.normalize("NFC", LATIN_ACCENTS.sub("", text))
    text = "".join(map(_letter, text.translate(simplified()))) if not text.isascii() else text
    return _LONG.sub(r"\1", _APOSTROPHES.sub("", text))


@lru_cache(maxsize=8)
def plain(text: str) -> str:
    """The words alone, one space between them. Text in another script stands apart from Latin words beside it."""
    kept = "".join(c if _is_word(c) else " " for c in folded(text))
    return " ".join(_GLUED.sub(" ", kept).split())


@cache
def simplified() -> dict[int, str]:
    """Each traditional Chinese letter and the simplified one that stands for it (made by `tests/messages/traditional.py`)."""
    groups = _SIMPLIFIED.read_text(encoding="utf-8").split()
    return {ord(traditional): group[0] for group in groups for traditional in group[1:]}


def _letter(character: str) -> str:
    """Khmer and other digits are read as ours; a few letters have no accent to take off."""
    digit = unicodedata.decimal(character, None)
    return str(digit) if digit is not None else _LETTERS.get(character, character)


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")
