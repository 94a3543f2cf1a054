"""Are two reports one text passed on? Their words are kept as keyed hashes, so that the words are not.

A screenshot passed round ten groups stays one report. Grammar words are kept too: two
people who see one thing share its nouns, and hardly ever their whole sentence.
"""

import hmac
from collections.abc import Iterable

from bot.privacy.keys import key
from messages.wording import plain

MARK_BYTES = 6
LETTERS = 3
WORDS_ENOUGH = 7
"""Shorter texts are alike by chance: "hay migra en la Pacific y Florence" is how anybody says it."""
WORDS_BESIDE_THE_PLACE = 6
ALIKE = 0.75
"""Share of words in common from which two texts are one text, forwarded with a greeting or retyped."""


def marks(text: str) -> list[str]:
    """The words as keyed hashes: nobody reads them back without our key."""
    secret = key("text_key")
    words = {word for word in plain(text).split() if len(word) >= LETTERS or not word.isascii()}
    return sorted({hmac.digest(secret, b"word|v1|" + word.encode(), "sha256")[:MARK_BYTES].hex() for word in words})


def wording(words: Iterable[str], place: str) -> str | None:
    """What nearly the same texts have in common, whichever place they name: the two smallest of their marks.

    Marks are as good as drawn by lot, so that two texts share the smallest as likely as they share any word. `None`: too short.
    """
    rest = sorted(set(words) - set(marks(place)))
    return rest[0][:8] + rest[1][:8] if len(rest) >= WORDS_BESIDE_THE_PLACE else None


def same_text(one: Iterable[str], other: Iterable[str], alike: float = ALIKE) -> bool:
    """Whether two sets of marks are one text."""
    first, second = set(one), set(other)
    if min(len(first), len(second)) < WORDS_ENOUGH:
        return False
    return len(first & second) / len(first | second) >= alike
