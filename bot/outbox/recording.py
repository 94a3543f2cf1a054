"""How is what the carrier answered written down? In bulk, and only where it is still this worker's claim.

A receipt may have been quicker than the answer: then the row already says more, and stays as it is (GOV.UK Notify loses 20 of
20 receipts at this point: facts/govuk-notify.md, finding 1).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.channels.channel import Handed, Outcome, Refused, Unknown
from bot.clock import now
from bot.outbox.claiming import Copy
from bot.outbox.models import Delivery, State
from bot.outbox.settling import settle
from bot.store.session import writing

STILL_OPEN = (State.CLAIMED, State.UNKNOWN)
_TABLE = Delivery.__table__


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one copy, and when. (`Again` is no result: the worker still has it in its hands.)"""

    copy: Copy
    outcome: Outcome
    at: dt.datetime


def record(results: Sequence[Result]) -> None:
    """Write results down, in one transaction, in order of id (so that two writers cannot hold each other up)."""
    if not results:
        return
    ordered = sorted(results, key=lambda result: result.copy.id)
    with writing() as session:
        _handed(session, [result for result in ordered if isinstance(result.outcome, Handed)])
        _unknown(session, [result for result in ordered if isinstance(result.outcome, Unknown)])
        for result in ordered:
            if isinstance(result.outcome, Refused):
                _refused(session, result, result.outcome)


def _handed(session: Session, results: list[Result]) -> None:
    rows = [
        {"of": result.copy.id, "attempt": result.copy.attempt, "sid": result.outcome.sid, "at": result.at}
        for result in results
        if isinstance(result.outcome, Handed)
    ]
    _write(
        session,
        rows,
        state=State.HANDED,
        sid=bindparam("sid"),
        handed_at=bindparam("at"),
        lease_until=None,
        failure=None,
    )


def _unknown(session: Session, results: list[Result]) -> None:
    """`lease_until` now says when it is looked up first: at once, for the carrier may have it already."""
    rows = [{"of": result.copy.id, "attempt": result.copy.attempt} for result in results]
    _write(session, rows, state=State.UNKNOWN, lease_until=now(), looks=0)


def _write(session: Session, rows: Sequence[Mapping[str, object]], **values: object) -> None:
    if rows:
        statement = (
            update(_TABLE)  # type: ignore[arg-type]
            .where(
                _TABLE.c.id == bindparam("of"),
                _TABLE.c.attempts == bindparam("attempt"),
                or_(*(_TABLE.c.state == state for state in STILL_OPEN)),  # IN cannot be sent for many rows at once
            )
            .values(**values)
        )
        session.connection().execute(statement, rows)


def _refused(session: Session, result: Result, outcome: Refused) -> None:
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == result.copy.id, Delivery.attempts == result.copy.attempt, Delivery.state.in_(STILL_OPEN))
        .with_for_update()
    ).one_or_none()
    if delivery is not None:
        settle(session, delivery, outcome.failure)
