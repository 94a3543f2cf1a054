"""What do our own books say? Read to know when a drill is over and, where the phones disagree, to say why. Never counted in."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, func, select

from bot.contacts.models import Contact
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast
from bot.privacy import numbers
from bot.store.session import reading

OPEN = (State.WAITING, State.CLAIMED, State.UNKNOWN)
HANDED = (State.HANDED, State.SENT, State.DELIVERED, State.READ)
MOST_SHOWN = 20


class Books:
    """The deliveries of one broadcast."""

    def __init__(self, broadcast_id: int) -> None:
        self._broadcast_id = broadcast_id

    def are_closed(self) -> bool:
        """Everybody planned, and nobody's copy on its way or in doubt."""
        with reading() as session:
            planned = session.scalar(select(Broadcast.planned_at).where(Broadcast.id == self._broadcast_id))
            still = session.scalar(select(exists().where(self._ours(), Delivery.state.in_(OPEN))))
        return planned is not None and not still

    def left(self) -> int:
        """How many are open."""
        with reading() as session:
            return session.scalar(select(func.count()).where(self._ours(), Delivery.state.in_(OPEN))) or 0

    def states(self) -> dict[str, int]:
        """How many are in each state, and why."""
        columns = (Delivery.state, Delivery.failure)
        with reading() as session:
            rows = session.execute(select(*columns, func.count()).where(self._ours()).group_by(*columns)).all()
        return {f"{state}{f' ({failure})' if failure else ''}": count for state, failure, count in rows}

    def undecided(self) -> list[int]:
        """The contacts whose copies are with a worker, or in doubt."""
        return self._contacts(State.CLAIMED, State.UNKNOWN)

    def in_hand(self) -> list[int]:
        """The contacts whose copies a worker has claimed."""
        return self._contacts(State.CLAIMED)

    def _contacts(self, *states: State) -> list[int]:
        with reading() as session:
            found = session.scalars(select(Delivery.contact_id).where(self._ours(), Delivery.state.in_(states)))
            return [id_ for id_ in found if id_]

    def of(self, addresses: Iterable[str]) -> str:
        """The rows of these people, for whoever must find out what happened."""
        tags = {numbers.tag(address) for address in list(addresses)[:MOST_SHOWN]}
        with reading() as session:
            rows = session.scalars(
                select(Delivery)
                .join(Contact, Contact.id == Delivery.contact_id)
                .where(self._ours(), Contact.tag.in_(tags))
            ).all()
        names = (
            "id",
            "state",
            "failure",
            "attempts",
            "looks",
            "claimed_at",
            "lease_until",
            "sid",
            "handed_at",
            "final_at",
        )
        return "\n".join(" ".join(f"{name}={getattr(row, name)}" for name in names) for row in rows)

    def sids(self) -> dict[str, State]:
        """The carrier's name of every copy that we say has left."""
        with reading() as session:
            rows = session.execute(
                select(Delivery.sid, Delivery.state).where(self._ours(), Delivery.state.in_(HANDED))
            ).all()
        return {str(sid): state for sid, state in rows}

    def _ours(self) -> ColumnElement[bool]:
        return Delivery.broadcast_id == self._broadcast_id
