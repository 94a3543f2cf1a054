"""How is a text cut into words that place names can be looked for in?

Accents, capitals and invisible characters go; place words in other scripts become their Latin names; the rest
of another script becomes one neutral mark, so that "버논 소토" and "Vernon Soto" read alike.
"""

import re
import unicodedata
from functools import cache

from bot.places.data_files import read_data
from bot.places.ordinals import ordinal

BREAK = ","
FOREIGN = "·"
MAX_CHARACTERS = 4096  # WhatsApp's longest text
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_APOSTROPHES = re.compile("['’‘`´]")
_LETTER_DOTS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_ABBREVIATION_DOT = re.compile(r"\b(st|ave|av|blvd|bl|dr|rd|hwy|sta|sto|mt|n|s|e|w)\.(?=\s)")
A_COUNT = "개"  # a letter of another script, as the count was
_COUNTED = "분명대시일월년개살주名个個人辆輛台架点點分时時岁歲日号號"
_COUNTS = re.compile(rf"\d+ ?(?:[{_COUNTED}]|នាក់|គ្រឿង|នាទី|ម៉ោង)")
_NUMBERED_STREET = re.compile(r"第?(\d{1,3}) ?(?:번가|가(?![가-힣])|街)|(?:ផ្លូវលេខ|ផ្លូវ) ?(\d{1,3})")
"""A street that is a number, as these scripts write it: 7가, 第7街, ផ្លូវលេខ 7. What is counted (7명, 7个) is none."""
_WORD = re.compile(r"([a-z0-9]+)|([&+/@])|([,.;:!?()\n\u3001\u3002\uff0c\u17d4])|([^\x00-\x7f]+)")


def read(text: str) -> tuple[str, ...]:
    """The words of a text, with "," for every pause and "·" for a stretch of another script. Emoji are no words."""
    return tuple(token for match in _WORD.finditer(_plain(text)) if (token := _token(match)))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    if not text.isascii():
        text = _numbers_told_apart(_INVISIBLE.sub("", text))
        text = _foreign().sub(lambda match: f" {_foreign_words()[match[0]]} ", text)
        text = _foreign_join().sub(" & ", text)
        text = text.replace("đ", "d").replace("Đ", "D")
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = _APOSTROPHES.sub("", text.casefold())
    return _ABBREVIATION_DOT.sub(r"\1", _LETTER_DOTS.sub("", text))


def _numbers_told_apart(text: str) -> str:
    """Khmer digits become ours, a numbered street its English name, and a count nothing."""
    text = "".join(str(unicodedata.decimal(sign)) if not sign.isascii() and sign.isdecimal() else sign for sign in text)
    text = _NUMBERED_STREET.sub(lambda match: f" {ordinal(int(match[1] or match[2]))} ", text)
    return _COUNTS.sub(A_COUNT, text)


def _token(match: re.Match[str]) -> str:
    if match[3]:
        return BREAK
    if match[4]:
        return FOREIGN if any(map(str.isalpha, match[4])) else ""
    return match[0]


@cache
def _foreign_words() -> dict[str, str]:
    return {unicodedata.normalize("NFKC", word): name for word, name in read_data("foreign_words").items()}


@cache
def _foreign() -> re.Pattern[str]:
    longest_first = sorted(_foreign_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _foreign_join() -> re.Pattern[str]:
    """ "and" between two names: in the middle of a word of that script the same letters mean nothing."""
    words = "|".join(map(re.escape, read_data("words")["foreign_joins"]))
    return re.compile(rf"(?<=[A-Za-z0-9])\s*(?:{words})\s*(?=[A-Za-z0-9])")
