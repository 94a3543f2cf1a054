"""Was this question ours, for this session and this purpose, and is it still open? Each is answered once, within minutes.

They lie in the database, not in a cookie: a cookie could be played again together with the answer. What strangers are asked
before they are signed in leaves no row: `people.open_questions`.
"""

import hashlib
import secrets

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people.key_models import Challenge, Purpose
from bot.people.models import SignedIn

QUESTION_BYTES = 32
MINUTES = 5


def of_sitting(sitting: SignedIn) -> bytes:
    """The holder of a question to somebody who is signed in: this one session."""
    return _hashed(f"sitting:{sitting.id}")


def of_browser(mark: str) -> bytes:
    """... and to somebody who is not yet: the browser that shows this mark."""
    return _hashed(f"browser:{mark}")


def make(session: Session, purpose: Purpose, holder: bytes) -> bytes:
    """A fresh question. It voids the holder's earlier ones of this purpose, and clears away what nobody answered."""
    mine = (Challenge.holder == holder) & (Challenge.purpose == purpose)
    session.execute(delete(Challenge).where(or_(mine, Challenge.expires_at <= now())))
    question = secrets.token_bytes(QUESTION_BYTES)
    session.add(Challenge(question=question, purpose=purpose, holder=holder, expires_at=ahead(minutes=MINUTES)))
    session.flush()
    return question


def take(session: Session, purpose: Purpose, holder: bytes, question: bytes) -> bool:
    """Use it up. Of two answers at once one is told that it was there."""
    open_one = delete(Challenge).where(
        Challenge.question == question,
        Challenge.purpose == purpose,
        Challenge.holder == holder,
        Challenge.expires_at > now(),
    )
    taken = session.execute(open_one.execution_options(synchronize_session=False))
    return taken.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _hashed(what: str) -> bytes:
    return hashlib.sha256(what.encode("utf-8", "replace")).digest()
