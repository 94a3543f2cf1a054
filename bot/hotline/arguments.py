"""Which commands take words with them, and which words? JOIN maywood, AID FOOD, CHECK K7Q, LANG english, 4471 going.

The rest of the message must be such words and nothing more, or it is a sentence: "leave the car in maywood".
"""

import re
from collections.abc import Iterator
from functools import cache

from bot.hotline.command import Command, by_word, spoken
from bot.places import gazetteer
from messages import languages
from messages.vocabulary import entries, phrases, words
from messages.wording import folded, plain

CODE = re.compile(r"(\d{4})(?:\s+(\S.*))?", re.DOTALL)
ALERT_CODE = re.compile(r"(?=[a-z0-9]*[0-9])(?=[a-z0-9]*[a-z])[a-z0-9]{3}")
HOME_CODE = re.compile(r"\d{4}")
LONGEST_AREA_WORDS = 5


def with_argument(said: str, language: str | None) -> Command | None:
    if (word := _check_word(said, language) or _home(said, language)) is not None:
        return word
    first, _, rest = said.partition(" ")
    if not rest:
        return _question_of_a_code(said)
    if first in words("commands", "lang") and (named := language_named(rest)):
        return named
    if first in words("commands", "check") and not phrases("commands", "not_check").match(said):
        return Command("CHECK", spoken(first, "check", language), rest)
    return _question_of_a_code(said) or _aid(said, language) or _area(said, language)


def code(text: str) -> Command | None:
    """A page's one-time number and what follows. "6700 block of Seville" is an address, not a code."""
    match = CODE.fullmatch(folded(text).strip())
    if not match:
        return None
    rest = " ".join(text.split()[1:])
    address = rest and (plain(rest).split() or [""])[0] in words("understanding", "house_number_before")
    if address or (rest and gazetteer.find(text).kind != "none"):
        return None
    return Command("CODE", None, f"{match[1]} {rest}".strip())


def language_named(said: str) -> Command | None:
    """ "Tiếng Việt", "no hablo inglés"; and "mixteco", which we know only by name."""
    named = by_word("says_language").get(said)
    return Command("LANG", named[0], named[0]) if named else _wish(said)


def _wish(said: str) -> Command | None:
    """LANG MIXTECO, "mixteco" alone, "solo hablo mixteco": the name, and nothing that tells of something else."""
    around = words("commands", "wish_words")
    for name, code in _wished_names().items():
        if f" {name} " in f" {said} " and set(said.replace(name, " ", 1).split()) <= around:
            return Command("LANG", None, code)
    return None


@cache
def _wished_names() -> dict[str, str]:
    """By their plain form; not the codes of standards, which nobody types and which are other words ("zap")."""
    known = [languages.LANGUAGES[code] for code in languages.WISHED]
    return {plain(name): each.code for each in known for name in (each.own_name, each.english_name, *each.also_called)}


def _question_of_a_code(said: str) -> Command | None:
    for asked in words("commands", "check_short"):
        if said.startswith(asked + " ") and ALERT_CODE.fullmatch(rest := said.removeprefix(asked).strip()):
            return Command("CHECK", None, rest)
    return Command("CHECK", None, said) if ALERT_CODE.fullmatch(said) else None


def _check_word(said: str, language: str | None) -> Command | None:
    """WORD, WORD garden, WORD OFF: one word behind it at most, or it is a sentence."""
    known = words("commands", "check_word")
    if said in known:
        return Command("CHECK_WORD", spoken(said, "check_word", language))
    asked = max((word for word in known if said.startswith(word + " ")), key=len, default="")
    rest = said.removeprefix(asked).strip()
    if not asked or " " in rest:
        return None
    return Command("CHECK_WORD", spoken(asked, "check_word", language), "off" if _is_off(rest) else rest)


def _home(said: str, language: str | None) -> Command | None:
    """HOGAR, HOME 4821: the word alone, or with its code."""
    known = words("commands", "home")
    asked = max((word for word in known if said == word or said.startswith(word + " ")), key=len, default="")
    rest = said.removeprefix(asked).strip()
    alone = not rest and said not in words("commands", "menu")
    if asked and (alone or HOME_CODE.fullmatch(rest)):
        return Command("HOME", spoken(asked, "home", language), rest)
    return None


def _is_off(said: str) -> bool:
    return said in words("commands", "off") or said in words("commands", "delete")


def _aid(said: str, language: str | None) -> Command | None:
    """AID FOOD, APOYO NO: the word and one kind, nothing else (or it is a question about food)."""
    asked = max((w for w in words("commands", "aid") if said.startswith(w + " ")), key=len, default="")
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
    for _, name, word in sorted(_area_words_before(said)):
        rest = said.removeprefix(word + " ")
        if len(rest.split()) <= LONGEST_AREA_WORDS and _names_area(rest):
            return Command(name.upper(), spoken(word, name, language), rest)
    return None


def _area_words_before(said: str) -> Iterator[tuple[int, str, str]]:
    """The words of JOIN and LEAVE that a text begins with, each with its turn. Looked up: to try all of them
    took a twelfth of a text's time."""
    end = said.find(" ")
    while end != -1:
        yield from _area_words().get(said[:end], ())
        end = said.find(" ", end + 1)


@cache
def _area_words() -> dict[str, list[tuple[int, str, str]]]:
    """The longest first: "salir de maywood" leaves Maywood, not "de maywood"."""
    of_each = ((name, sorted(words("commands", name))) for name in ("leave", "join", "start"))
    in_turn = [(name, word) for name, known in of_each for word in sorted(known, key=len, reverse=True)]
    found: dict[str, list[tuple[int, str, str]]] = {}
    for turn, (name, word) in enumerate(in_turn):
        found.setdefault(word, []).append((turn, name, word))
    return found


def _names_area(rest: str) -> bool:
    """The words are an area and nothing else: "leave maywood", not "leave the car in maywood"."""
    found = gazetteer.find_area(rest)
    others = {word for word in rest.split() if not word.isdecimal()} - set(found.matched.split())
    return found.kind != "none" and others <= words("commands", "area_words")
