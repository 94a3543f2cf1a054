"""Which commands take words with them, and which words? JOIN maywood, AID FOOD, CHECK K7Q, LANG english, 4471 going.

The rest of the message must be such words and nothing more, or it is a sentence: "leave the car in maywood".
"""

import re
from functools import cache

from bot.hotline.command import Command, by_word, spoken
from bot.places import gazetteer
from messages import languages
from messages.vocabulary import entries, words
from messages.wording import folded, plain

CODE = re.compile(r"(\d{4})(?:\s+(\S.*))?", re.DOTALL)
ALERT_CODE = re.compile(r"(?=[a-z0-9]*[0-9])(?=[a-z0-9]*[a-z])[a-z0-9]{3}")
LONGEST_AREA_WORDS = 5


def with_argument(said: str, language: str | None) -> Command | None:
    first, _, rest = said.partition(" ")
    if not rest:
        return _question_of_a_code(said)
    if first in words("commands", "lang") and (named := language_named(rest) or _wish(rest)):
        return named
    if first in words("commands", "check"):
        return Command("CHECK", spoken(first, "check", language), rest)
    return _question_of_a_code(said) or _aid(said, language) or _area(said, language)


def code(text: str) -> Command | None:
    """A page's one-time number and what follows. "6700 block of Seville" is an address, not a code."""
    match = CODE.fullmatch(folded(text).strip())
    if not match:
        return None
    rest = " ".join(text.split()[1:])
    address = rest and (plain(rest).split() or [""])[0] in words("understanding", "house_number_before")
    if address or (rest and gazetteer.find(" ".join(rest.split()[:2])).kind != "none"):
        return None
    return Command("CODE", None, f"{match[1]} {rest}".strip())


def language_named(said: str) -> Command | None:
    named = by_word("says_language").get(said)
    return Command("LANG", named[0], named[0]) if named else None


def _wish(said: str) -> Command | None:
    """A language that we know only by name: LANG MIXTECO."""
    code = languages.language_by_name(said)
    return Command("LANG", None, code) if code in languages.WISHED else None


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
        return Command("AID", spoken(asked, "aid", language), "off")
    kind = _kinds().get(rest) if asked else None
    return Command("AID", spoken(asked, "aid", language), kind) if kind else None


@cache
def _kinds() -> dict[str, str]:
    return {
        plain(str(word)): kind
        for file in entries("commands").values()
        for kind, said in (file.get("kinds") or {}).items()
        for word in said
    }


def _area(said: str, language: str | None) -> Command | None:
    """JOIN or LEAVE and a neighborhood: the rest must be a neighborhood and nothing more."""
    for name, word in _area_words():
        if said.startswith(word + " "):
            rest = said.removeprefix(word + " ")
            if len(rest.split()) <= LONGEST_AREA_WORDS and _names_area(rest):
                return Command(name.upper(), spoken(word, name, language), rest)
    return None


@cache
def _area_words() -> tuple[tuple[str, str], ...]:
    """The longest first: "salir de maywood" leaves Maywood, not "de maywood"."""
    of_each = ((name, sorted(words("commands", name))) for name in ("leave", "join", "start"))
    return tuple((name, word) for name, known in of_each for word in sorted(known, key=len, reverse=True))


def _names_area(rest: str) -> bool:
    """The words are an area and nothing else: "leave maywood", not "leave the car in maywood"."""
    found = gazetteer.find_area(rest)
    others = {word for word in rest.split() if not word.isdecimal()} - set(found.matched.split())
    return found.kind != "none" and others <= words("commands", "area_words")
