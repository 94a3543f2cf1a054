"""May what a worker holds still leave? Asked again every half second; what may not is let go of, and settled or given back."""

import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, update

from bot.clock import now
from bot.outbox import fuse, let_out
from bot.outbox.claiming import Copy, drop
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.fitness import BROADCAST, COPY, chosen
from bot.outbox.freezing import LEAVES_FROZEN, is_frozen
from bot.store.many import among
from bot.store.session import reading, writing

_HELD = chosen(COPY.state, BROADCAST.kind).where(among(COPY.id))
_GIVE_BACK = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(COPY.id == bindparam("of"), COPY.attempts == bindparam("attempt"), COPY.state == State.CLAIMED)
    .values(state=State.WAITING, lease_until=None)
)
WAIT_AGAIN = ("frozen", "outside_window")
"""They wait for the thaw, or for the claim that turns them into SMS; all others are dropped."""


class Verdicts(NamedTuple):
    """What the database says of copies in a worker's hands."""

    asked_at: float
    """By `time.monotonic()`."""
    ours: frozenset[int]
    """Still may leave."""
    settle: list[tuple[Copy, str]]
    """May not, and why. The others were another's by now."""


def verdicts(copies: Sequence[Copy]) -> Verdicts:
    """Which of these may still leave. Nothing is changed: one that has begun meanwhile is not to be settled."""
    with reading() as session:
        session.connection()
        asked_at = time.monotonic()
        rows = {row.id: row for row in session.connection().execute(_HELD, _of(copies))}
        holds = is_frozen(session)
        released = let_out.words_for(session, {row.broadcast_id for row in rows.values() if row.broadcast_id})
    ours, settle = [], []
    for copy in copies:
        row = rows.get(copy.id)
        if row is None or row.state is not State.CLAIMED or row.attempts != copy.attempt:
            continue
        why = row.why or _held_back(row, holds, released)
        if why is None:
            ours.append(copy.id)
        else:
            settle.append((copy, why))
    return Verdicts(asked_at, frozenset(ours), settle)


def put_back(copies: Iterable[Copy]) -> None:
    """Nothing of these has left, for certain: they wait again."""
    rows = [{"of": copy.id, "attempt": copy.attempt} for copy in sorted(copies, key=lambda copy: copy.id)]
    if rows:
        with writing() as session:
            session.connection().execute(_GIVE_BACK, rows)


def _of(copies: Sequence[Copy]) -> dict[str, Any]:
    return {"ids": [copy.id for copy in copies], "now": now()}


def _held_back(row: Row[Any], holds: bool, released: dict[int, fuse.Words]) -> str | None:
    if row.broadcast_id is None:
        return None
    if row.broadcast_id not in released:
        return "not_released"
    return "frozen" if holds and row.kind not in LEAVES_FROZEN else None


def settle(verdicts_: Sequence[tuple[Copy, str]]) -> None:
    """None of these has left, for certain, and none may: they wait for another time, or are dropped."""
    put_back([copy for copy, why in verdicts_ if why in WAIT_AGAIN])
    dropped = [(copy, why) for copy, why in verdicts_ if why not in WAIT_AGAIN]
    if dropped:
        with writing() as session:
            for why in {why for _, why in dropped}:
                drop(session, [copy.id for copy, because in dropped if because == why], why)
