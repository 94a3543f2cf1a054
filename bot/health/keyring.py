"""How old are our keys? They carry no date: when one is first in use is written down, under a mark that tells nothing of it."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.health.models import KeySeen
from bot.privacy.keys import SYMMETRIC, KeyMissing, key
from bot.store.session import reading, writing

NAMES = ("number_public_key", *SYMMETRIC)


@dataclass(frozen=True, slots=True)
class Aged:
    """One key of this process, and since when it is known to be in use; empty where nobody has written that down yet."""

    name: str
    since: dt.datetime | None

    @property
    def days(self) -> int:
        return (now() - self.since).days if self.since else 0


def remember() -> int:
    """Write down those not seen before; how many. The clock does it: a page writes nothing."""
    with reading() as session:
        unknown = [aged.name for aged in ages(session) if aged.since is None]
    if unknown:
        with writing() as session:
            session.add_all(KeySeen(name=name, mark=_mark(name), first_at=now()) for name in unknown)
    return len(unknown)


def ages(session: Session) -> list[Aged]:
    """Of the keys that this process holds."""
    seen = {(row.name, row.mark): row.first_at for row in session.scalars(select(KeySeen))}
    return [Aged(name, seen.get((name, _mark(name)))) for name in NAMES if _has(name)]


def _has(name: str) -> bool:
    try:
        key(name)
    except KeyMissing:
        return False
    return True


def _mark(name: str) -> str:
    return hashlib.blake2b(key(name), digest_size=8, person=b"key in use").hexdigest()
