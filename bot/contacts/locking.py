"""Which numbers has no worker locked yet? Each is opened once, locked to its own row, and its seal is cleared.

The web process can only seal, and a seal costs 40 us to open: too much for an alert to 100,000 people. A lock opens in 1 us
and an AES key, unlike a public key, also tells apart what we wrote from what somebody put there.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, select, update

from bot.contacts.models import Contact
from bot.privacy import numbers
from bot.store.session import reading, writing

AT_ONCE = 500
"""Sealed numbers opened between two writes: 20 ms of work, with no lock held meanwhile."""
_TABLE = Contact.__table__

log = structlog.get_logger(__name__)


def lock_new() -> int:
    """Lock every number that is still sealed; how many. Two at once do no harm. A clock's task."""
    count, after = 0, 0
    while rows := _sealed(after):
        count += _keep(_locked(rows))
        after = rows[-1].id
    return count


def _sealed(after: int) -> Sequence[Row[int, bytes, bytes | None]]:
    with reading() as session:
        return session.execute(
            select(Contact.id, Contact.tag, Contact.sealed)
            .where(Contact.sealed.is_not(None), Contact.id > after)
            .order_by(Contact.id)
            .limit(AT_ONCE)
        ).all()


def _locked(rows: Sequence[Row[int, bytes, bytes | None]]) -> list[dict[str, Any]]:
    """What cannot be opened stays as it is: whoever finds the right key loses nothing."""
    found = []
    for row in rows:
        try:
            address = numbers.open_sealed(row.sealed or b"", row.tag)
        except numbers.CannotOpen:
            log.error("cannot_lock", contact=row.id)
            continue
        found.append({"of": row.id, "was": row.sealed, "is": numbers.lock(address, row.id, row.tag)})
    return found


def _keep(locked: list[dict[str, Any]]) -> int:
    """Only where the seal is still the one we opened: the person may have a new number by now."""
    if not locked:
        return 0
    with writing() as session:
        session.connection().execute(
            update(_TABLE)  # type: ignore[arg-type]
            .where(_TABLE.c.id == bindparam("of"), _TABLE.c.sealed == bindparam("was"))
            .values(locked=bindparam("is"), sealed=None),
            locked,
        )
    return len(locked)
