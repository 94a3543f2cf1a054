"""Is this text one of our commands? In any language we know, however it is typed.

A command is the whole message, less politeness. Only STOP is also heard inside a sentence (47 CFR 64.1200(a)(10): any
wording a reasonable person would understand), and never inside what reads as a sighting or names a place.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.hotline import stopping
from bot.places import gazetteer
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

FUZZY_FROM_LETTERS = 5
"""Shorter words are too near to others: "salir" and "salid" are one slip apart, so are "stop" and "shop"."""

LONG_WORD_LETTERS = 8
LONG_PHRASE_LETTERS = 12
"""In two short words a slip makes another sentence: "stop ICE" is not "eres ICE"."""

FIRST_WORD = "stop"
"""The one word that must be heard however it is mistyped: the carrier hears it only when it is right."""

LONGEST_SLIP_LETTERS = 24

CODE = re.compile(r"(\d{4})(?:\s+(\S.*))?", re.DOTALL)
ALERT_CODE = re.compile(r"(?=[a-z0-9]*[0-9])(?=[a-z0-9]*[a-z])[a-z0-9]{3}")
NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked of us. `language` is the one the word belongs to, where it belongs to one."""

    name: str
    language: str | None = None
    argument: str = ""

    @property
    def joins(self) -> bool:
        return self.name in ("JOIN", "START")


def read(text: str, language: str | None = None) -> Command | None:
    """The command in this text, or None. `language` is the sender's, for words that several languages share."""
    said = _polite(plain(text))
    if not said:
        return _sign(text, language)
    return (
        _number(said)
        or _volunteer(said)
        or _whole(said, language)
        or _code(text)
        or _language(said)
        or _with_argument(said, language)
        or _slip(said, language)
        or _stop(text, language)
    )


def _sign(text: str, language: str | None) -> Command | None:
    """A message of one sign: a thumb, a stop sign, two question marks."""
    sign = "".join(folded(text).split())
    for name in WHOLE:
        if any(sign and sign == "".join(folded(str(w)).split()) for w in _signs(name)):
            return Command(name.upper(), language)
    return None


@cache
def _signs(name: str) -> tuple[str, ...]:
    return tuple(
        str(w) for file in entries("commands").values() for w in file.get(name) or () if not plain(str(w))
    )


def _polite(said: str) -> str:
    """Without please and thanks, unless that is all there is."""
    kept = said
    for courtesy in sorted(words("commands", "polite"), key=len, reverse=True):
        kept = re.sub(rf"(?:^|(?<= )){re.escape(courtesy)}(?= |$)", "", kept)
    kept = " ".join(kept.split())
    once = kept.split()
    return once[0] if once and len(set(once)) == 1 else kept or said


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
            return Command(name.upper(), _spoken(said, name, language))
    if said in words("commands", "check_short"):
        return Command("CHECK", _spoken(said, "check_short", language))
    return None


def _spoken(said: str, name: str, language: str | None) -> str | None:
    """Which language the word is of: the sender's own if it is there too, else the first that has it."""
    having = [
        code
        for code, file in entries("commands").items()
        if said in {plain(str(w)) for w in file.get(name) or ()}
    ]
    return language if language in having else next(iter(having), None)


def _code(text: str) -> Command | None:
    """A page's one-time number and what follows. "6700 block of Seville" is an address, not a code."""
    match = CODE.fullmatch(folded(text).strip())
    if not match:
        return None
    rest = " ".join(text.split()[1:])
    address = rest and (plain(rest).split() or [""])[0] in words("understanding", "house_number_before")
    if address or (rest and gazetteer.find(" ".join(rest.split()[:2])).kind != "none"):
        return None
    return Command("CODE", None, f"{match[1]} {rest}".strip())


def _language(said: str) -> Command | None:
    for language, file in entries("commands").items():
        if said in {plain(str(w)) for w in file.get("says_language") or ()}:
            return Command("LANG", language, language)
    return None


def _with_argument(said: str, language: str | None) -> Command | None:
    first, _, rest = said.partition(" ")
    if not rest:
        return _question_of_a_code(said)
    if first in words("commands", "lang") and (named := _language(rest)):
        return named
    if first in words("commands", "check"):
        return Command("CHECK", _spoken(first, "check", language), rest)
    return _question_of_a_code(said) or _aid(said, language) or _area(said, language)


def _question_of_a_code(said: str) -> Command | None:
    for asked in words("commands", "check_short"):
        if said.startswith(asked + " ") and ALERT_CODE.fullmatch(rest := said.removeprefix(asked).strip()):
            return Command("CHECK", None, rest)
    return Command("CHECK", None, said) if ALERT_CODE.fullmatch(said) else None


def _aid(said: str, language: str | None) -> Command | None:
    """AID FOOD, APOYO NO: the word and one kind, nothing else (or it is a question about food)."""
    asked = next((w for w in words("commands", "aid") if said.startswith(w + " ")), "")
    rest = said.removeprefix(asked).strip()
    stopped = said.startswith("stop ") and said.removeprefix("stop ") in words("commands", "aid")
    if stopped or (asked and rest in words("commands", "off")):
        return Command("AID", _spoken(asked, "aid", language), "off")
    kind = _kinds().get(rest) if asked else None
    return Command("AID", _spoken(asked, "aid", language), kind) if kind else None


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {
        plain(str(word)): kind
        for file in entries("commands").values()
        for kind, said in (file.get("kinds") or {}).items()
        for word in said
    }


def _area(said: str, language: str | None) -> Command | None:
    """JOIN or LEAVE and a neighborhood: the rest must be a neighborhood and nothing more."""
    for name in ("leave", "join", "start"):
        for word in words("commands", name):
            rest = said.removeprefix(word + " ")
            if rest != said and len(rest.split()) <= 5 and _names_area(rest):
                return Command(name.upper(), _spoken(word, name, language), rest)
    return None


def _names_area(rest: str) -> bool:
    """The words are an area and nothing else: "leave maywood", not "leave the car in maywood"."""
    found = gazetteer.find_area(rest)
    others = {word for word in rest.split() if not word.isdecimal()} - set(found.matched.split())
    return found.kind != "none" and others <= words("commands", "area_words")


def _slip(said: str, language: str | None) -> Command | None:
    """One letter wrong (two in a long word), two letters swapped: still the word."""
    if swapped := _swapped(said, language):
        return swapped
    shortest = LONG_PHRASE_LETTERS if " " in said else FUZZY_FROM_LETTERS
    if not shortest <= len(said) <= LONGEST_SLIP_LETTERS or said in words("understanding", "not_a_slip"):
        return None
    limit = 2 if len(said) >= LONG_WORD_LETTERS else 1
    found = process.extractOne(said, _slippable(), scorer=OSA.distance, score_cutoff=limit)
    return _whole(found[0], language) if found and found[0][0] == said[0] else None


def _swapped(said: str, language: str | None) -> Command | None:
    """STPO, SOTP, STTOP, S T O P. No letter is changed: that makes another word (shop, step)."""
    swapped = (
        len(said) == len(FIRST_WORD)
        and OSA.distance(said, FIRST_WORD) == 1
        and sorted(said) == sorted(FIRST_WORD)
    )
    doubled = re.sub(r"(.)\1", r"\1", said.replace(" ", "")) == FIRST_WORD
    return Command("STOP", language) if swapped or doubled else None


@lru_cache(maxsize=1)
def _slippable() -> tuple[str, ...]:
    whole = {word for name in WHOLE for word in words("commands", name)}
    return tuple(sorted(word for word in whole if len(word) >= FUZZY_FROM_LETTERS))


def _stop(text: str, language: str | None) -> Command | None:
    return Command("STOP", language) if stopping.asks(text) else None
