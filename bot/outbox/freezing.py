"""Is sending held? Anyone signed in may freeze; two people of two lines must thaw.

While frozen nothing new is told to neighborhoods; what takes back (`correction`, `doubt`), pages and replies still leave.
"""

from functools import partial

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox import wake
from bot.outbox.models import Freeze, Kind, Lane
from bot.people import access
from bot.people.models import Person
from bot.privacy import audit
from bot.store.session import once_committed

LEAVES_FROZEN = (Kind.CORRECTION, Kind.DOUBT)


_ANY = select(exists().where(Freeze.thawed_at.is_(None)))


class ThawRefused(RuntimeError):
    """This person alone cannot thaw. `reason`: `not_frozen`, `revoked`, `same_person`, `same_line`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def frozen(session: Session) -> Freeze | None:
    """The freeze that holds now, if any."""
    return session.scalars(select(Freeze).where(Freeze.thawed_at.is_(None)).order_by(Freeze.id).limit(1)).first()


def is_frozen(session: Session) -> bool:
    """Whether one holds now: asked for each claim."""
    return bool(session.scalar(_ANY))


def freeze(session: Session, person: Person) -> Freeze:
    """Hold alerts, updates and notices from now on. Repeating it changes nothing."""
    held = frozen(session)
    if held is not None:
        return held
    held = Freeze(frozen_at=now(), frozen_by_id=person.id, frozen_by_line=person.line_id)
    session.add(held)
    session.flush()
    audit.record(session, "freeze", f"freeze:{held.id}", person.id)
    return held


def first_hand(session: Session, held: Freeze) -> int | None:
    """Who agreed to thaw it, and still works here: the word of somebody whose access was ended does not count."""
    return None if access.is_gone(session, held.thaw_first_id) else held.thaw_first_id


def thaw(session: Session, freeze_id: int, person: Person) -> bool:
    """One of the two hands that thaw; True once both have. Raises `ThawRefused`."""
    held = session.get(Freeze, freeze_id, with_for_update=True, populate_existing=True)
    if held is None or held.thawed_at is not None:
        raise ThawRefused("not_frozen")
    access.hold(session, held.thaw_first_id, person.id)
    if person.revoked_at is not None:
        raise ThawRefused("revoked")
    if first_hand(session, held) is None:
        held.thaw_first_id, held.thaw_first_line = person.id, person.line_id
        audit.record(session, "thaw_first", f"freeze:{held.id}", person.id)
        return False
    if held.thaw_first_id == person.id:
        raise ThawRefused("same_person")
    if held.thaw_first_line == person.line_id:
        raise ThawRefused("same_line")
    _end(session, held, person)
    return True


def _end(session: Session, held: Freeze, person: Person) -> None:
    """Every open freeze ends: two pressed at the same moment must not leave a second one behind."""
    held.thaw_second_id, held.thaw_second_line, held.thawed_at = person.id, person.line_id, now()
    session.flush()
    session.execute(
        update(Freeze)
        .where(Freeze.thawed_at.is_(None))
        .values(
            thaw_first_id=held.thaw_first_id,
            thaw_first_line=held.thaw_first_line,
            thaw_second_id=person.id,
            thaw_second_line=person.line_id,
            thawed_at=held.thawed_at,
        )
    )
    audit.record(session, "thaw", f"freeze:{held.id}", person.id)
    for lane in (Lane.ALERT, Lane.NOTICE):
        once_committed(session, partial(wake.senders, lane))
