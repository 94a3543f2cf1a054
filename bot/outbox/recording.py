"""How is what the carrier answered written down? In bulk, and only where it is still this worker's claim.

A receipt may have been quicker than the answer: then the row already says more, and stays as it is (GOV.UK Notify loses 20 of
20 receipts at this point, measured on its own code).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.channels.channel import Handed, Outcome, Refused, Unknown
from bot.clock import now
from bot.outbox.claiming import Copy
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.desk import DATABASE_GONE
from bot.outbox.settling import settle
from bot.store.many import ForEach
from bot.store.session import writing

log = structlog.get_logger(__name__)

STILL_OPEN = (State.CLAIMED, State.UNKNOWN)
_TABLE: Any = Delivery.__table__
_OF_A_CLAIM = {"id": _TABLE.c.id.type, "attempt": _TABLE.c.attempts.type}


def _ours(given: Any) -> Any:
    """Only where it is still this worker's claim, and no receipt has said more."""
    is_open = or_(*(_TABLE.c.state == state for state in STILL_OPEN))
    return update(_TABLE).where(_TABLE.c.id == given["id"], _TABLE.c.attempts == given["attempt"], is_open)


_HANDED = ForEach(
    _OF_A_CLAIM | {"sid": _TABLE.c.sid.type, "at": _TABLE.c.handed_at.type},
    lambda given: _ours(given).values(
        state=State.HANDED, sid=given["sid"], handed_at=given["at"], lease_until=None, failure=None
    ),
)
_UNKNOWN = ForEach(
    _OF_A_CLAIM | {"look_at": _TABLE.c.lease_until.type},
    lambda given: _ours(given).values(state=State.UNKNOWN, lease_until=given["look_at"], looks=0),
)


class Result(NamedTuple):
    """What came of one copy, and when. (`Again` is no result: the worker still has it in its hands.)"""

    copy: Copy
    outcome: Outcome
    at: dt.datetime


def record(results: Sequence[Result]) -> None:
    """Write results down, in one transaction, in order of id (so that two writers cannot hold each other up)."""
    if not results:
        return
    ordered = sorted(results, key=_in_order)
    with writing() as session:
        _handed(session, ordered)
        others = [result for result in ordered if type(result.outcome) is not Handed]
        _unknown(session, [result for result in others if isinstance(result.outcome, Unknown)])
        for result in others:
            if isinstance(result.outcome, Refused):
                _refused(session, result, result.outcome)


def record_each(results: Sequence[Result]) -> None:
    """The same; one that cannot be written must not hold up the others: its lease runs out, and it is looked up.

    Raises `DATABASE_GONE`: then all of them are to be written again, which does no harm.
    """
    try:
        record(results)
        return
    except DATABASE_GONE:
        raise
    except Exception as error:
        log.exception("cannot_record", count=len(results), error_type=type(error).__name__)
    for result in results:
        try:
            record([result])
        except DATABASE_GONE:
            raise
        except Exception as error:
            log.exception("cannot_record", delivery=result.copy.id, error_type=type(error).__name__)


def _in_order(result: Result) -> int:
    return result.copy.id


def _handed(session: Session, results: Sequence[Result]) -> None:
    rows = [
        (result.copy.id, result.copy.attempt, result.outcome.sid, result.at)
        for result in results
        if isinstance(result.outcome, Handed)
    ]
    _HANDED.run(session.connection(), rows)


def _unknown(session: Session, results: list[Result]) -> None:
    """`lease_until` now says when it is looked up first: at once, for the carrier may have it already."""
    _UNKNOWN.run(session.connection(), [(result.copy.id, result.copy.attempt, now()) for result in results])


def _refused(session: Session, result: Result, outcome: Refused) -> None:
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == result.copy.id, Delivery.attempts == result.copy.attempt, Delivery.state.in_(STILL_OPEN))
        .with_for_update()
    ).one_or_none()
    if delivery is not None:
        settle(session, delivery, outcome.failure)
