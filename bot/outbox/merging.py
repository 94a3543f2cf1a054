"""How does what the carrier says change a copy? By rank: what is known is never lowered, whatever order it is heard in.

Nearly all of it is good news of copies we know: written in bulk (`raising`). A failure has consequences (`settling`), and each is
carried out by itself.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.channels.failures import failure
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.raising import Raise, raise_all
from bot.outbox.settling import settle
from bot.store.many import among

MEANS = {
    "accepted": State.HANDED,
    "scheduled": State.HANDED,
    "queued": State.HANDED,
    "sending": State.HANDED,
    "sent": State.SENT,
    "failed": State.FAILED,
    "undelivered": State.FAILED,
    "canceled": State.FAILED,
    "delivered": State.DELIVERED,
    "read": State.READ,
}
"""Twilio's statuses. Others are ignored."""

RANK = {
    State.WAITING: 0,
    State.CLAIMED: 0,
    State.UNKNOWN: 0,
    State.DROPPED: 0,
    State.HANDED: 1,
    State.SENT: 2,
    State.FAILED: 3,
    State.DELIVERED: 4,
    State.READ: 5,
}
"""A failure outranks `sent`, and a phone that has it outranks a failure. Of what was dropped, a receipt knows better."""

FINAL = (State.FAILED, State.DELIVERED, State.READ)
CHUNK = 500
_MEANT = (
    select(Delivery.id, Delivery.sid, Delivery.state)
    .where(or_(among(Delivery.sid, "sids"), among(Delivery.id, "ids")))
    .order_by(Delivery.id)
    .with_for_update()
)

log = structlog.get_logger(__name__)


class Said(Protocol):
    """A receipt, or a row of the carrier's own list."""

    @property
    def delivery_id(self) -> int | None: ...
    @property
    def sid(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def error(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


@dataclass(slots=True)
class Known:
    """A copy as it stands while a chunk is merged."""

    id: int
    sid: str | None
    state: State


def merge_all(session: Session, said: Sequence[Said]) -> None:
    """Merge all of it. In each chunk the best news comes first: a phone that has it makes a failure moot."""
    for start in range(0, len(said), CHUNK):
        _merge_chunk(session, _best(said[start : start + CHUNK]))


def _best(said: Iterable[Said]) -> list[Said]:
    """The best news of each message, best first: beside it the others change nothing."""
    best: dict[tuple[str, int | None], Said] = {}
    for receipt in sorted((one for one in said if one.status in MEANS), key=_rank, reverse=True):
        best.setdefault((receipt.sid, receipt.delivery_id), receipt)
    return list(best.values())


def _merge_chunk(session: Session, said: Sequence[Said]) -> None:
    by_id, by_sid = _find(session, said)
    known, news = frozenset(by_sid), dict[int, Raise]()
    strangers = 0
    for receipt in said:
        copy = by_sid.get(receipt.sid) or by_id.get(receipt.delivery_id or 0)
        if copy is None:
            strangers += 1
        elif not _concerns(copy, receipt):
            continue
        elif _is_plain(copy, receipt):
            copy.sid, copy.state = receipt.sid, MEANS[receipt.status]
            final_at = receipt.at if copy.state in FINAL else None
            news[copy.id] = Raise(copy.id, copy.state, final_at, receipt.sid, receipt.at)
            by_sid[receipt.sid] = copy
        elif copy.sid != receipt.sid or _rank(receipt) > RANK[copy.state]:
            _decide(session, copy, receipt)
    raise_all(session, news.values(), known)
    if strangers:
        log.info("receipts_of_strangers", count=strangers)


def _find(session: Session, said: Iterable[Said]) -> tuple[dict[int, Known], dict[str, Known]]:
    """The copies meant, by our id and by the carrier's, locked in order of id."""
    session.flush()
    meant = {
        "sids": list({receipt.sid for receipt in said}),
        "ids": list({receipt.delivery_id for receipt in said if receipt.delivery_id}),
    }
    copies = [Known(id_, sid, state) for id_, sid, state in session.execute(_MEANT, meant)]
    return {copy.id: copy for copy in copies}, {copy.sid: copy for copy in copies if copy.sid}


def _rank(receipt: Said) -> int:
    return RANK[MEANS[receipt.status]]


def _concerns(copy: Known, receipt: Said) -> bool:
    """Whether it speaks of the copy as it is now.

    A failed copy that waits for its next try keeps the old sid: the old one's receipts say nothing of the next, except that the
    phone has it after all. A copy that was found absent and waits has no sid: then a receipt says that it was not.
    """
    if copy.sid is None:
        return True
    if copy.sid == receipt.sid:
        return RANK[copy.state] > 0 or _rank(receipt) > RANK[State.FAILED]
    return copy.state in (State.CLAIMED, State.UNKNOWN)


def _is_plain(copy: Known, receipt: Said) -> bool:
    """Good news, and news."""
    return MEANS[receipt.status] is not State.FAILED and _rank(receipt) > RANK[copy.state]


def _decide(session: Session, copy: Known, receipt: Said) -> None:
    """A failure, or a sid that we did not know of a copy of which we know more than this."""
    delivery = session.get_one(Delivery, copy.id, populate_existing=True)
    delivery.sid = receipt.sid
    delivery.handed_at = delivery.handed_at or receipt.at
    delivery.lease_until = None
    if _rank(receipt) > RANK[copy.state]:
        delivery.state = State.SENT  # the carrier took it, and gave up
        settle(session, delivery, failure(receipt.error))
    copy.sid, copy.state = delivery.sid, delivery.state
