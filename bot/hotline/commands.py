"""Is this text one of our commands? In any language we know, however it is typed.

A command is the whole message, less politeness. Only STOP is also heard inside a sentence (47 CFR 64.1200(a)(10): any
wording a reasonable person would understand), and never inside what reads as a sighting or names a place.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from bot.hotline import arguments, courtesies, numbered, slips, stopping
from bot.hotline.command import Command, spoken
from bot.rights import finder
from messages.vocabulary import entries, words
from messages.wording import folded, plain

WHOLE = (
    "stop",
    "help",
    "join",
    "start",
    "who",
    "data",
    "never_mind",
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

_CAN_BE_UNDONE = tuple(name for name in WHOLE if name not in ("delete", "forget"))
"""The others are not guessed from a slip of two letters: "olvidalo" (never mind) is near "olvidame", and erased people."""

__all__ = ["Command", "read"]

Reading = Callable[[str, str | None], Command | None]

NOT_A_WORD = re.compile(r"[\W_]+")
SENTENCE_END = re.compile(r"[.?!¿¡。？！]+")
MOST_SENTENCES = 3


def read(text: str, language: str | None = None) -> Command | None:
    """The command in this text, or None. `language` is the sender's, for words that several languages share."""
    whole = plain(text)
    said = courtesies.without(whole)
    if not said:
        return _sign(text, language)
    return (
        numbered.read(said)
        or _volunteer(said)
        or _as_it_is_spelled(said, text, language)
        or _either(_whole, whole, said, language)
        or arguments.code(text)
        or arguments.language_named(said)
        or _either(arguments.with_argument, whole, said, language)
        or _said_twice(text, language)
        or _slip(said, language)
        or _stop(text, language)
    )


def _either(read: Reading, whole: str, said: str, language: str | None) -> Command | None:
    """As it was typed, then without its courtesies, where it has any."""
    return read(whole, language) or (read(said, language) if said != whole else None)


def says_stop(text: str) -> bool:
    """Whether it is our word STOP in any language, or asks for it in a sentence."""
    said = courtesies.without(plain(text))
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
    found = [_whole(courtesies.without(said), language) for said in sentences]
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
    if finder.situation(said, language):  # Tagalog "banta", a threat, is one letter from "basta"
        return None
    word = slips.meant(said, _slippable(_CAN_BE_UNDONE)) or slips.meant(said, _slippable(("delete",)), at_most=1)
    return _whole(word, language) if word else None


@cache
def _slippable(names: tuple[str, ...]) -> tuple[str, ...]:
    whole = {word for name in names for word in words("commands", name)}
    return tuple(sorted(word for word in whole if len(word) >= slips.SHORTEST_LETTERS))


def _stop(text: str, language: str | None) -> Command | None:
    return Command("STOP", language) if stopping.asks(text) else None
