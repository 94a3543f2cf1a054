"""What did a queue or a process drop? Found in the database every few seconds, and put right. Two sweeps at once do no harm."""

import datetime as dt

import structlog
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.outbox import planning, receipts, wake
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane
from bot.store.session import reading, writing

BIG_BATCH = 5000

log = structlog.get_logger(__name__)


def sweep() -> None:
    """Leases that ran out, copies that expired, receipts, and work nobody was woken for."""
    for step in (_drop_expired, _give_up_leases, _merge_some, _give_up_looking, _wake):
        try:
            step()
        except Exception as error:  # the steps have nothing to do with each other
            log.exception("sweep_step_failed", where=step.__name__, error_type=type(error).__name__)


def _merge_some() -> None:
    receipts.merge(BIG_BATCH)


def merge_receipts() -> None:
    """All the receipts there are."""
    while receipts.merge(BIG_BATCH) >= BIG_BATCH:
        pass


def _drop_expired() -> None:
    """What waited too long is not sent (promise 5). A failed copy that waited for another try stays failed."""
    with reading() as session:
        if not _any(session, Delivery.state == State.WAITING, Delivery.expires_at <= now()):
            return
    with writing() as session:
        dropped = session.execute(
            update(Delivery)
            .where(Delivery.state == State.WAITING, Delivery.expires_at <= now())
            .values(state=State.DROPPED, failure="expired", final_at=now())
            .execution_options(synchronize_session=False)
        )
        log.info("expired", count=dropped.rowcount)  # type: ignore[attr-defined]


def _give_up_leases() -> None:
    """A worker that did not record in time may have sent it."""
    moment = now()
    with reading() as session:
        if not _any(session, Delivery.state == State.CLAIMED, Delivery.lease_until <= moment):
            return
    with writing() as session:
        lost = session.execute(
            update(Delivery)
            .where(Delivery.state == State.CLAIMED, Delivery.lease_until <= moment)
            .values(state=State.UNKNOWN, lease_until=moment, looks=0)
            .execution_options(synchronize_session=False)
        )
        log.warning("leases_ran_out", count=lost.rowcount)  # type: ignore[attr-defined]


def _give_up_looking() -> None:
    """Past its expiry and never found out: listed as unknown for good, an hour later."""
    long_ago = now() - dt.timedelta(hours=1)
    with reading() as session:
        if not _any(
            session, Delivery.state == State.UNKNOWN, Delivery.lease_until.is_not(None), Delivery.expires_at <= long_ago
        ):
            return
    with writing() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.state == State.UNKNOWN, Delivery.lease_until.is_not(None), Delivery.expires_at <= long_ago)
            .values(lease_until=None, final_at=now(), failure="unknown_at_expiry")
            .execution_options(synchronize_session=False)
        )


def _wake() -> None:
    with reading() as session:
        due = or_(Delivery.not_before.is_(None), Delivery.not_before <= now())
        waiting = {
            lane: _any(session, Delivery.state == State.WAITING, Delivery.lane == lane, due)
            or bool(planning.unplanned([lane]))
            for lane in Lane
        }
    if any(waiting[lane] for lane in Lane if lane < Lane.NOTICE):
        wake.senders(Lane.ALERT)
    if waiting[Lane.NOTICE]:
        wake.senders(Lane.NOTICE)


def _any(session: Session, *conditions: object) -> bool:
    return bool(session.scalar(select(exists().where(*conditions))))  # type: ignore[arg-type]
