"""Which words do we listen for? What people write to us, held in `messages/<folder>/<language>.yml` for reviewers to read.

A phrase is plain words (accents do not matter) and a few signs: `a|b` either word, `word*` any ending, `word?` may be
missing, `..` up to three words between, `<family>` any of that set, `a_b` a word of two.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from messages import yaml_files
from messages.wording import plain

HERE = Path(__file__).parent
ANY_WORDS = ".."
BETWEEN_WORDS = r"(?: [^ ]+){0,3}? ?"
"""Wider gaps join words of different sentences: texts carry few full stops."""
BETWEEN_SIGNS = r".{0,12}?"
"""The same for scripts that put no space between words."""

MIXED_WITH = {"en": ("es",), "es": ("en",), "tl": ("en",)}
"""Which languages' words people put into sentences of another."""

_LATIN = re.compile(r"[a-z0-9]")


@cache
def entries(folder: str) -> dict[str, dict[str, Any]]:
    """Every language's file of a folder, as written: {language: {name: words}}."""
    return {path.stem: yaml_files.read(path) for path in sorted((HERE / folder).glob("*.yml"))}


@cache
def words(folder: str, name: str) -> frozenset[str]:
    """The phrases under one name, of all languages together, in the plain form texts are compared in."""
    return frozenset(plain(str(phrase)) for file in entries(folder).values() for phrase in file.get(name) or ())


@cache
def phrases(folder: str, name: str, language: str = "") -> re.Pattern[str]:
    """One pattern for every phrase under this name, of one language (or of all), to search in a plain text."""
    files = [(code, file) for code, file in entries(folder).items() if language in ("", code)]
    return _pattern([(code, phrase) for code, file in files for phrase in file.get(name) or ()], folder)


def _pattern(written: list[tuple[str, object]], folder: str) -> re.Pattern[str]:
    patterns = {
        pattern
        for language, phrase in written
        for pattern in _compiled(str(phrase).casefold().split(), _Sets(folder, language))
    }
    latin = [p for p in patterns if _LATIN.match(p)]
    other = [p for p in patterns if not _LATIN.match(p)]
    return re.compile("|".join(_either(latin, r"(?<![a-z0-9])") + _either(other, "")) or r"(?!)")


@dataclass(frozen=True)
class _Sets:
    """What `<family>` means in a phrase of this language: its own words, and those of the languages people mix in."""

    folder: str
    language: str

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return _set(self.folder, self.language, name)


def _either(patterns: list[str], before: str) -> list[str]:
    """Longest first, so that a match says as much as it can; one look-behind for all keeps the search quick."""
    return [before + "(?:" + "|".join(sorted(patterns, key=lambda p: (-len(p), p))) + ")"] if patterns else []


def _compiled(tokens: list[str], sets: _Sets) -> list[str]:
    """One pattern for each first letter of the first word: the engine skips an alternative by its first letter."""
    first, rest = tokens[0], tokens[1:]
    if first.endswith("?") and rest:
        return _compiled([first[:-1], *rest], sets) + _compiled(rest, sets)
    options = _options(first, sets)
    after = _rest(rest, sets, spaced=_ends_latin(options[0]))
    return [_any_of(alike) + after for alike in _by_first_letter(options)]


def _by_first_letter(options: tuple[str, ...]) -> list[tuple[str, ...]]:
    alike: dict[str, list[str]] = {}
    for option in options:
        alike.setdefault(plain(option)[0], []).append(option)
    return [tuple(group) for group in alike.values()]


def _options(token: str, sets: _Sets) -> tuple[str, ...]:
    named = [sets[part[1:-1]] if part.startswith("<") else (part,) for part in token.split("|")]
    return tuple(option for group in named for option in group)


@cache
def _set(folder: str, language: str, name: str) -> tuple[str, ...]:
    heard = (language, *MIXED_WITH.get(language, ()))
    members = {str(w) for code in heard for w in (entries(folder)[code].get("sets") or {}).get(name) or ()}
    if not members:
        raise ValueError(f"no set {name!r} in messages/{folder}/{language}.yml")
    return tuple(sorted(members, key=lambda word: (-len(word), word)))


def _rest(tokens: list[str], sets: _Sets, spaced: bool) -> str:
    pattern, wide = "", False
    for token in tokens:
        if token == ANY_WORDS:
            wide = True
            continue
        missing = token.endswith("?") and len(token) > 1
        options = _options(token.removesuffix("?") if missing else token, sets)
        piece = _between(spaced, wide) + _any_of(options)
        pattern += f"(?:{piece})?" if missing else piece
        spaced, wide = _ends_latin(options[0]), False
    return pattern


def _ends_latin(option: str) -> bool:
    return bool(_LATIN.match(plain(option)[-1:]))


def _between(spaced: bool, wide: bool) -> str:
    if spaced:
        return BETWEEN_WORDS if wide else " "
    return BETWEEN_SIGNS if wide else " ?"


def _any_of(options: tuple[str, ...]) -> str:
    """The first letter stands before the group, where all share it."""
    patterns = sorted({_word(option) for option in options}, key=lambda p: (-len(p), p))
    if len(patterns) == 1:
        return patterns[0]
    first = patterns[0][0]
    if all(p[0] == first for p in patterns):
        return first + "(?:" + "|".join(p[1:] for p in patterns) + ")"
    return "(?:" + "|".join(patterns) + ")"


def _word(option: str) -> str:
    word = plain(option.replace("_", " "))
    if option.endswith("*"):
        return word + r"[a-z0-9]*"
    return word + (r"(?![a-z0-9])" if _ends_latin(option) else "")


@cache
def named(folder: str, name: str) -> dict[str, re.Pattern[str]]:
    """A table of word lists (`colours: {white: [...]}`) as one pattern for each of its names, all languages together."""
    tables = [(language, file.get(name) or {}) for language, file in entries(folder).items()]
    kinds = dict.fromkeys(kind for _, table in tables for kind in table)
    return {
        kind: _pattern([(lang, w) for lang, table in tables for w in table.get(kind) or ()], folder) for kind in kinds
    }
