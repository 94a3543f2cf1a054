"""How is a text cut into words that place names can be looked for in?

Accents, capitals and invisible characters go; place words in other scripts become their Latin names; the rest
of another script becomes one neutral mark, so that "버논 소토" and "Vernon Soto" read alike.
"""

import re
import unicodedata
from functools import cache

from bot.places.data_files import read_data

BREAK = ","
FOREIGN = "·"
MAX_CHARACTERS = 4096  # WhatsApp's longest text
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_APOSTROPHES = re.compile("['’‘`´]")
_LETTER_DOTS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_ABBREVIATION_DOT = re.compile(r"\b(st|ave|av|blvd|bl|dr|rd|hwy|sta|sto|mt|n|s|e|w)\.(?=\s)")
_WORD = re.compile(r"([a-z0-9]+)|([&+/@])|([,.;:!?()\n\u3001\u3002\uff0c\u17d4])|([^\x00-\x7f]+)")


def read(text: str) -> tuple[str, ...]:
    """The words of a text, with "," for every pause and "·" for a stretch of another script."""
    return tuple(_token(match) for match in _WORD.finditer(_plain(text)))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        text = _foreign().sub(lambda match: f" {_foreign_words()[match[0]]} ", text)
        text = text.replace("đ", "d").replace("Đ", "D")
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = _APOSTROPHES.sub("", text.casefold())
    return _ABBREVIATION_DOT.sub(r"\1", _LETTER_DOTS.sub("", text))


def _token(match: re.Match[str]) -> str:
    if match[3]:
        return BREAK
    return FOREIGN if match[4] else match[0]


@cache
def _foreign_words() -> dict[str, str]:
    return {unicodedata.normalize("NFKC", word): name for word, name in read_data("foreign_words").items()}


@cache
def _foreign() -> re.Pattern[str]:
    longest_first = sorted(_foreign_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
