"""May somebody try again yet? Wrong tries wait longer and longer, and nobody can keep a volunteer out by guessing.

Wrong *passphrases* hold the name for up to a minute, but not for a browser in which this person has signed in before: who
knows only a pseudonym cannot lock its owner out. Wrong *codes* count only after a right passphrase, so that whoever makes
them already has the first factor; they hold for up to a quarter of an hour, everywhere.
"""

import datetime as dt

from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people.models import Person

FREE_TRIES = 5
PASSPHRASE_HOLD_SECONDS = 60
CODE_HOLD_SECONDS = 15 * 60


def one_at_a_time(session: Session, person: Person) -> None:
    """Wait for whoever tries as this person right now, and see their count: else eight at once would all be the fifth try.

    Asked before `may_try_...`, in the transaction that counts. Rows that only refer to the person are not held up.
    """
    session.refresh(person, with_for_update={"key_share": True})


def may_try_passphrase(person: Person, known_browser: bool) -> bool:
    return known_browser or _over(person.held_until)


def may_try_code(person: Person) -> bool:
    return _over(person.codes_held_until)


def wrong_passphrase(session: Session, person: Person) -> None:
    person.failed_sign_ins += 1
    person.held_until = _hold(person.failed_sign_ins, PASSPHRASE_HOLD_SECONDS)
    session.flush()


def wrong_code(session: Session, person: Person) -> None:
    person.failed_codes += 1
    person.codes_held_until = _hold(person.failed_codes, CODE_HOLD_SECONDS)
    session.flush()


def right_code(session: Session, person: Person) -> None:
    person.failed_sign_ins = person.failed_codes = 0
    person.held_until = person.codes_held_until = None
    session.flush()


def _hold(failures: int, longest: int) -> dt.datetime | None:
    """2, 4, 8 ... seconds from the fifth failure on."""
    over = failures - FREE_TRIES
    return ahead(seconds=min(longest, 2 ** min(over + 1, 12))) if over >= 0 else None


def _over(moment: dt.datetime | None) -> bool:
    return moment is None or moment <= now()
