"""Which command word was meant, with a finger's slip in it? One letter wrong, two in a long word, two letters swapped."""

import re
from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA

from messages.vocabulary import words

SHORTEST_LETTERS = 5
"""Shorter words are too near to others: "baja" and "bala" are one slip apart, so are "stop" and "shop"."""

LONG_WORD_LETTERS = 8
LONG_PHRASE_LETTERS = 12
"""In two short words a slip makes another sentence: "stop ICE" is not "eres ICE"."""

LONGEST_LETTERS = 24

FIRST_WORD = "stop"
"""The one word that must be heard however it is mistyped: the carrier hears it only when it is right."""


def meant(said: str, known: Collection[str], at_most: int = 2) -> str | None:
    """The known word that this is a slip of, by `at_most` letters."""
    if _is_stop(said):
        return FIRST_WORD
    shortest = LONG_PHRASE_LETTERS if " " in said else SHORTEST_LETTERS
    if not shortest <= len(said) <= LONGEST_LETTERS or said in words("understanding", "not_a_slip"):
        return None
    limit = min(at_most, 2 if len(said) >= LONG_WORD_LETTERS else 1)
    found = process.extractOne(said, known, scorer=OSA.distance, score_cutoff=limit)
    return str(found[0]) if found and found[0][0] == said[0] else None


def _is_stop(said: str) -> bool:
    """STPO, SOTP, STTOP, S T O P. No letter is changed: that makes another word (shop, step)."""
    alike = len(said) == len(FIRST_WORD) and sorted(said) == sorted(FIRST_WORD)
    swapped = alike and OSA.distance(said, FIRST_WORD) == 1
    return swapped or re.sub(r"(.)\1", r"\1", said.replace(" ", "")) == FIRST_WORD
