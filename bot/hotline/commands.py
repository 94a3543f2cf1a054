"""Is this text one of our commands? In any language we know, however it is typed.

A command is the whole message, less politeness. Only STOP is also heard inside a sentence (47 CFR 64.1200(a)(10): any
wording a reasonable person would understand), and never inside what reads as a sighting or names a place.
"""

import re
import unicodedata
from functools import cache, lru_cache

from bot.hotline import arguments, slips, stopping
from bot.hotline.command import Command, spoken
from messages.vocabulary import entries, words
from messages.wording import folded, plain

WHOLE = (
    "stop",
    "help",
    "join",
    "start",
    "who",
    "data",
    "delete",
    "forget",
    "lang",
    "check",
    "rights",
    "aid",
    "report",
    "more",
    "menu",
    "affirm",
    "deny",
)
"""Commands that are a whole message, in the order in which a word shared by two is given away."""

__all__ = ["Command", "read"]

NUMBER = re.compile(r"\d{1,2}")
NOT_A_WORD = re.compile(r"[\W_]+")
SENTENCE_END = re.compile(r"[.?!¿¡。？！]+")
MOST_SENTENCES = 3


def read(text: str, language: str | None = None) -> Command | None:
    """The command in this text, or None. `language` is the sender's, for words that several languages share."""
    said = _polite(plain(text))
    if not said:
        return _sign(text, language)
    return (
        _number(said)
        or _volunteer(said)
        or _as_it_is_spelled(said, text, language)
        or _whole(said, language)
        or arguments.code(text)
        or arguments.language_named(said)
        or arguments.with_argument(said, language)
        or _said_twice(text, language)
        or _slip(said, language)
        or _stop(text, language)
    )


def says_stop(text: str) -> bool:
    """Whether it is our word STOP in any language, or asks for it in a sentence."""
    said = _polite(plain(text))
    if not said:
        return _sign(text, None) == Command("STOP")
    if spelled := _as_it_is_spelled(said, text, None):
        return spelled.name == "STOP"
    return said in words("commands", "stop") or stopping.asks(text)


def _as_it_is_spelled(said: str, text: str, language: str | None) -> Command | None:
    """Whoever types the marks means them: without them the Vietnamese for "right" (đúng) is that for "stop" (dừng)."""
    if text.isascii() or not said.isascii():
        return None
    marked = _with_marks(text)
    for name in WHOLE:
        if any(f" {phrase} " in f" {marked} " for phrase in _spelled(name).get(said, ())):
            return Command(name.upper(), spoken(said, name, language))
    return None


@cache
def _spelled(name: str) -> dict[str, list[str]]:
    """By how they are compared, the phrases of a command that have marks."""
    having: dict[str, list[str]] = {}
    for file in entries("commands").values():
        for phrase in map(str, file.get(name) or ()):
            if not phrase.isascii():
                having.setdefault(plain(phrase), []).append(_with_marks(phrase))
    return having


def _with_marks(text: str) -> str:
    return " ".join(NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", text.casefold())).split())


def _said_twice(text: str, language: str | None) -> Command | None:
    """ "¿Quiénes son? ¿Son la migra?": one thing asked in several sentences."""
    sentences = [said for part in SENTENCE_END.split(text) if (said := plain(part))]
    if not 1 < len(sentences) <= MOST_SENTENCES:
        return None
    found = [_whole(_polite(said), language) for said in sentences]
    return found[0] if found[0] and {one.name if one else None for one in found} == {found[0].name} else None


def _sign(text: str, language: str | None) -> Command | None:
    """A message of one sign: a thumb, a stop sign, two question marks."""
    sign = "".join(folded(text).split())
    for name in WHOLE:
        if any(sign and sign == "".join(folded(str(w)).split()) for w in _signs(name)):
            return Command(name.upper(), language)
    return None


@cache
def _signs(name: str) -> tuple[str, ...]:
    return tuple(str(w) for file in entries("commands").values() for w in file.get(name) or () if not plain(str(w)))


def _polite(said: str) -> str:
    """Without please and thanks, unless that is all there is."""
    kept = said
    for courtesy, pattern in _courtesies():
        if courtesy in kept:
            kept = pattern.sub("", kept)
    kept = " ".join(kept.split())
    once = kept.split()
    return once[0] if once and len(set(once)) == 1 else kept or said


@cache
def _courtesies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The longest first, each as words of its own."""
    longest_first = sorted(words("commands", "polite"), key=len, reverse=True)
    return tuple((said, re.compile(rf"(?:^|(?<= )){re.escape(said)}(?= |$)")) for said in longest_first)


def _number(said: str) -> Command | None:
    *before, last = said.split()
    if before and not set(before) <= words("commands", "number_before"):
        return Command("NUMBER", *named) if (named := _numbers().get(said)) else None
    if NUMBER.fullmatch(last):
        return Command("NUMBER", None, str(int(last)))
    named = _numbers().get(said) or _numbers().get(last)
    return Command("NUMBER", *named) if named else None


@lru_cache(maxsize=1)
def _numbers() -> dict[str, tuple[str, str]]:
    return {
        plain(str(word)): (language, str(number))
        for language, file in entries("commands").items()
        for word, number in (file.get("numbers") or {}).items()
    }


def _volunteer(said: str) -> Command | None:
    for name in ("on", "off", "sos"):
        if said in words("commands", f"volunteer_{name}"):
            return Command(name.upper())
    return None


def _whole(said: str, language: str | None) -> Command | None:
    for name in WHOLE:
        if said in words("commands", name):
            return Command(name.upper(), spoken(said, name, language))
    if said in words("commands", "check_short"):
        return Command("CHECK", spoken(said, "check_short", language))
    return None


def _slip(said: str, language: str | None) -> Command | None:
    word = slips.meant(said, _slippable())
    return _whole(word, language) if word else None


@cache
def _slippable() -> tuple[str, ...]:
    whole = {word for name in WHOLE for word in words("commands", name)}
    return tuple(sorted(word for word in whole if len(word) >= slips.SHORTEST_LETTERS))


def _stop(text: str, language: str | None) -> Command | None:
    return Command("STOP", language) if stopping.asks(text) else None
