"""How is a broadcast stopped? One person may: what has not left does not leave."""

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, BroadcastState

STOPPABLE = {
    BroadcastState.DRAFT: BroadcastState.CANCELLED,
    BroadcastState.RELEASED: BroadcastState.HALTED,
}

log = structlog.get_logger(__name__)


def halt(session: Session, broadcast_id: int, why: str) -> int:
    """Stop a broadcast; how many waiting copies were dropped. A draft is cancelled. Safe to repeat.

    Copies a worker has just claimed are asked for again within half a second, and then dropped too.
    """
    broadcast = session.get_one(Broadcast, broadcast_id, populate_existing=True)
    broadcast.state = STOPPABLE.get(broadcast.state, broadcast.state)
    broadcast.planned_at = broadcast.planned_at or now()
    session.flush()
    dropped = session.execute(
        update(Delivery)
        .where(Delivery.broadcast_id == broadcast_id, Delivery.state == State.WAITING)
        .values(state=State.DROPPED, failure="halted", final_at=now())
        .execution_options(synchronize_session=False)
    )
    count: int = dropped.rowcount  # type: ignore[attr-defined]
    log.info("halted", broadcast=broadcast_id, why=why, count=count)
    return count
