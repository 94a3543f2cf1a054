"""How do two processes not decide the same thing at once? One of them goes through a named gate; the other waits.

SQLite lets one writer in at a time anyway. PostgreSQL does not: two reports of one corner would open two incidents.
"""

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session


def alone(session: Session, gate: str) -> None:
    """Wait for whoever is past this gate, then hold it until this session commits or is undone."""
    _pass(session, gate, "SELECT pg_advisory_xact_lock(:number)")


def among(session: Session, gate: str) -> None:
    """Go through together with all others who do; only whoever wants to be `alone` past it waits for us, and we for them."""
    _pass(session, gate, "SELECT pg_advisory_xact_lock_shared(:number)")


def _pass(session: Session, gate: str, question: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(gate.encode()).digest()[:8], "big", signed=True)
        session.execute(text(question), {"number": number})
