"""What else follows from a failure, once it is written down? The sender stands still, and people are told.

After the commit, in a transaction of its own: many workers would else wait for each other's row of the same trouble while they
hold the copies they settle. If it cannot be written the next failure of its kind says it again.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot.channels.failures import Failure
from bot.contacts.models import Channel
from bot.outbox import alarms, pausing, troubles
from bot.outbox.delivery_models import Delivery
from bot.store.session import once_committed, writing

KEPT = "failures_to_follow"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Seen:
    """One kind of failure in one transaction."""

    times: int = 0
    by_receipt: bool = False
    broadcasts: set[int | None] = field(default_factory=set)


def note(session: Session, failure: Failure, delivery: Delivery, *, by_receipt: bool) -> None:
    """Remember it until this session's work is committed."""
    if not (failure.stops_sender or failure.tell or failure.tell_share):
        return
    if KEPT not in session.info:
        session.info[KEPT] = defaultdict(Seen)
        once_committed(session, partial(_follow, session))
    seen = session.info[KEPT][failure, delivery.channel]
    seen.times += 1
    seen.by_receipt = seen.by_receipt or by_receipt
    seen.broadcasts.add(delivery.broadcast_id)


def _follow(session: Session) -> None:
    for (failure, channel), seen in session.info.pop(KEPT).items():
        try:
            follow(failure, channel, seen)
        except Exception as error:  # what is written down is written down, and must not be undone for this
            log.exception("not_told", failure=failure.name, error_type=type(error).__name__)


def follow(failure: Failure, channel: Channel, seen: Seen) -> None:
    """The sender stands still, and whoever can mend it hears of it: once an hour, however often it begins to."""
    if failure.stops_sender:
        pausing.begin(channel, failure.name, by_receipt=seen.by_receipt)
    if failure.tell or failure.tell_share:
        with writing() as session:
            is_news = troubles.note(session, failure, channel, seen.broadcasts, seen.times)
            if is_news and failure.stops_sender:
                alarms.sender_stands_still(session, channel, failure.name)
