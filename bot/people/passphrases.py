"""Is this passphrase good enough, and is it the right one? Argon2id, and the same work for a name that does not exist."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 15
LONGEST = 200
DISTINCT_SIGNS = 6
LETTERS_OF_ONES_OWN = 6
"""What must be left of it once common words, keyboard rows, numbers and the person's own name are taken out."""

_COMMON = Path(__file__).parent / "data" / "common_words.txt"
_NO_ONES = "no passphrase hashes to this: it stands in for people we do not know"

# OWASP's argon2id floor (19 MiB, 2 passes, 1 lane): about 25 ms here. Two at a time, so that a flood of
# sign-ins costs two cores' worth of waiting and 38 MiB, not the web process. Two more may wait; the others are sent away,
# or strangers who try names would hold every thread that answers residents' texts.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_a_time = threading.BoundedSemaphore(2)
_working_or_waiting = threading.BoundedSemaphore(4)


class Busy(RuntimeError):
    """So many passphrases are being looked at that one more would keep others waiting. Nothing was decided."""


def hashed(passphrase: str) -> str:
    """What we keep of a passphrase. Raises `Busy`."""
    with _in_turn():
        return _hasher.hash(_same_spelling(passphrase))


def right(kept: str | None, passphrase: str) -> bool:
    """Whether it is the passphrase `kept` was made of. With nothing kept it works as long, and says no. Raises `Busy`."""
    with _in_turn():
        try:
            matches = _hasher.verify(kept or _of_nobody(), _same_spelling(passphrase[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return bool(matches) if kept else False


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _working_or_waiting.acquire(blocking=False):
        raise Busy
    try:
        with _two_at_a_time:
            yield
    finally:
        _working_or_waiting.release()


def trouble(passphrase: str, name: str = "") -> str | None:
    """Why we do not take it (a key of `console.passphrase`), or `None`."""
    plain = _same_spelling(passphrase)
    if len(plain) < SHORTEST:
        return "too_short"
    if len(plain) > LONGEST:
        return "too_long"
    if len(set(plain.lower())) < DISTINCT_SIGNS or _own_letters(plain, name) < LETTERS_OF_ONES_OWN:
        return "too_common"
    return None


def _own_letters(plain: str, name: str) -> int:
    rest = plain.casefold()
    for word in sorted({*_common_words(), *re.findall(r"\w{3,}", name.casefold())}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return sum(char.isalpha() for char in rest)


@cache
def _common_words() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def _of_nobody() -> str:
    return _hasher.hash(_NO_ONES)


def _same_spelling(passphrase: str) -> str:
    """The same keys on two phones give the same text."""
    return unicodedata.normalize("NFKC", passphrase).strip()
