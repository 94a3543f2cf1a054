"""The word that genuine alerts carry to one person, chosen by them: is it one, what is it, and how is it said?

It is kept locked, for their row alone, and read only as a copy leaves (or when they ask). What opens and is no such word leaves
with nothing: no hand in the database can put other words beside an alert.
"""

import re
import unicodedata

import structlog

from bot.contacts.models import Contact
from bot.privacy import texts
from bot.privacy.keys import KeyMissing
from messages.refused_words import refused

SHORTEST, LONGEST = 4, 8
SHAPE = re.compile(rf"[A-Z]{{{SHORTEST},{LONGEST}}}")
"""Plain letters, which every phone shows and every encoding holds: no figures, no addresses, nothing to follow."""
LONGEST_SUFFIX = f" ({'W' * LONGEST})"

log = structlog.get_logger(__name__)


def problem(said: str) -> str | None:
    """Why this cannot be a check word: `letters`, `length`, `refused`; `None` when it can."""
    word = plainly(said)
    if not word.isascii() or not word.isalpha():
        return "letters"
    if not SHORTEST <= len(word) <= LONGEST:
        return "length"
    return "refused" if word.casefold() in refused() else None


def plainly(said: str) -> str:
    """`sofá` is SOFA: without the marks that would cost an alert its one segment."""
    letters = unicodedata.normalize("NFKD", said.strip().replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).upper()


def keep(contact: Contact, said: str) -> str:
    """From now on their alerts carry it. Raises `ValueError` for what cannot be one."""
    word = plainly(said)
    if problem(word) is not None:
        raise ValueError("no check word")
    contact.check_word = texts.lock(word, _row(contact.id))
    return word


def of(contact: Contact) -> str | None:
    """Theirs, if they chose one."""
    return opened(contact.id, contact.check_word)


def drop(contact: Contact) -> bool:
    """No word any more. False when there was none."""
    had = contact.check_word is not None
    contact.check_word = None
    return had


def opened(contact_id: int, locked: bytes | None) -> str | None:
    """The word of this row. One that does not open costs nobody their alert."""
    if locked is None:
        return None
    try:
        word = texts.unlock(locked, _row(contact_id))
    except (texts.CannotRead, KeyMissing, UnicodeDecodeError):
        log.warning("check_word_unreadable")
        return None
    return word if SHAPE.fullmatch(word) else None


def said_after(text: str, word: str | None) -> str:
    """An alert's words, and their own behind them."""
    return f"{text} ({word})" if word else text


def _row(contact_id: int) -> str:
    return f"check_word:{contact_id}"
