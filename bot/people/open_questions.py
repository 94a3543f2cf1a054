"""Was this question ours, for this browser, and is it still open? Asked of strangers, it says so itself: asking writes nothing.

Whoever opens the sign-in page may have a question; a row for each would let anybody hold the database's one pen. Only an
answer is written down, and it is taken once.
"""

import hashlib
import hmac
import secrets

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people.challenges import MINUTES
from bot.people.key_models import Answered
from bot.privacy.keys import key

NONCE_BYTES = 16
MOMENT_BYTES = 8
SEAL_BYTES = 16


def make(holder: bytes) -> bytes:
    """A fresh question: drawn by chance, with its end, sealed for the browser that asks."""
    until = int(ahead(minutes=MINUTES).timestamp())
    said = secrets.token_bytes(NONCE_BYTES) + until.to_bytes(MOMENT_BYTES, "big")
    return said + _seal(holder, said)


def is_ours(holder: bytes, question: bytes) -> bool:
    """Made here, for this browser, a moment ago. Nothing is looked up."""
    said, seal = question[:-SEAL_BYTES], question[-SEAL_BYTES:]
    return (
        len(said) == NONCE_BYTES + MOMENT_BYTES
        and hmac.compare_digest(seal, _seal(holder, said))
        and int.from_bytes(said[NONCE_BYTES:], "big") > now().timestamp()
    )


def take(session: Session, holder: bytes, question: bytes) -> bool:
    """Use it up. Of two answers at once one is told that it was there."""
    if not is_ours(holder, question):
        return False
    row = {"question_hash": hashlib.sha256(question).digest(), "expires_at": ahead(minutes=MINUTES)}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return session.scalar(insert(Answered).values(row).on_conflict_do_nothing().returning(Answered.id)) is not None


def _seal(holder: bytes, said: bytes) -> bytes:
    return hmac.digest(key("console_secret_key"), b"enter|v1|" + holder + said, "sha256")[:SEAL_BYTES]
