"""Are two reports one text passed on? Their content words are kept as keyed hashes, so that the words are not.

A screenshot passed round ten groups stays one report (facts/peers.md section 3, point 4).
"""

import hmac
from collections.abc import Iterable

from bot.privacy.keys import key

MARK_BYTES = 6
WORDS_ENOUGH = 4
"""Fewer content words than this are alike by chance: "migra pacific florence" is how anybody says it."""
ALIKE = 0.8
"""Share of words in common from which two texts are one text, retyped or forwarded with a greeting."""


def marks(words: Iterable[str]) -> list[str]:
    """The words as keyed hashes: nobody reads them back without our key."""
    secret = key("text_key")
    return sorted({hmac.digest(secret, b"word|v1|" + word.encode(), "sha256")[:MARK_BYTES].hex() for word in words})


def same_text(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of marks are one text."""
    first, second = set(one), set(other)
    if min(len(first), len(second)) < WORDS_ENOUGH:
        return False
    return len(first & second) / len(first | second) >= ALIKE
