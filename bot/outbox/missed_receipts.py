"""What became of the copies of which we heard no more? Their receipts missed us: the carrier's own list says it.

Each copy is asked about twice at most. After `RECEIPT_LATE_MINUTES`, when the carrier took it and has not even said `sent`:
receipts come in seconds, so it was lost, or we were away. And for good after twelve hours, as Twilio advises.
Where many are missing their time is read as a list, a thousand a page; a few are asked for one by one. What is
heard is merged like any receipt.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago
from bot.outbox import listed
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.found import found, merge_found
from bot.outbox.merging import MEANS
from bot.settings import settings
from bot.store.session import reading

FINAL_HOURS = 12
MOST_AT_ONCE = 20_000
"""They are found by reading the table of copies (600,000 of them in some 300 ms): seldom, and many at once."""
CLOCK_SKEW = dt.timedelta(minutes=2)
LONGEST_QUEUE = dt.timedelta(minutes=5)
"""So long after it was handed over a copy usually has left the carrier. Those that left later are asked for by name."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Silent:
    """A copy whose end we do not know."""

    id: int
    sid: str
    state: State
    handed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """Which copies are silent for too long, and up to when they were asked about."""

    cursor: str
    states: tuple[State, ...]
    until: dt.datetime


def catch_up() -> int:
    """Ask about all whose time it is; of how many there was news."""
    soon = Stage("receipts", (State.HANDED,), ago(minutes=settings().receipt_late_minutes))
    last = Stage("receipts_final", (State.HANDED, State.SENT), ago(hours=FINAL_HOURS))
    try:
        return _ask_about(soon) + _ask_about(last)
    except CannotLook:
        log.warning("carrier_list_unreadable")  # the cursors stand where everything before them was asked about
        return 0


def _ask_about(stage: Stage) -> int:
    since = listed.through(stage.cursor)
    news = 0
    while since is not None and since < stage.until:
        copies = _silent(stage, since)
        if copies:
            news += _ask(copies)
        since = copies[-1].handed_at if copies else stage.until
        listed.move(stage.cursor, since)
    if since is None:
        listed.move(stage.cursor, stage.until)
    if news:
        log.warning("receipts_had_missed_us", count=news)
    return news


def _silent(stage: Stage, since: dt.datetime) -> Sequence[Silent]:
    """The oldest of them first; never only some of those that were handed over in one moment, where the cursor may stop."""
    with reading() as session:
        rows = session.execute(
            select(Delivery.id, Delivery.sid, Delivery.state, Delivery.handed_at)
            .where(
                Delivery.state.in_(stage.states),
                Delivery.sid.is_not(None),
                Delivery.handed_at > since,
                Delivery.handed_at <= stage.until,
            )
            .order_by(Delivery.handed_at, Delivery.id)
            .limit(MOST_AT_ONCE)
        ).all()
    silent = [Silent(id_, sid or "", state, handed_at or since) for id_, sid, state, handed_at in rows]
    whole = [copy for copy in silent if copy.handed_at < silent[-1].handed_at]
    return whole if whole and len(silent) == MOST_AT_ONCE else silent


def _ask(copies: Sequence[Silent]) -> int:
    """What was heard is kept, even if the carrier stops answering in between."""
    said: dict[str, Logged] = {}
    try:
        for row in _rows(copies, said):
            said[row.sid] = row
    finally:
        news = [
            found(copy.id, said[copy.sid]) for copy in copies if copy.sid in said and _is_news(copy, said[copy.sid])
        ]
        merge_found(news)
    return len(news)


def _rows(copies: Sequence[Silent], said: Mapping[str, Logged]) -> Iterator[Logged]:
    """As a list, where that is fewer requests; then one by one what it did not show. What was deleted says nothing any more."""
    first, last = copies[0].handed_at - CLOCK_SKEW, copies[-1].handed_at + LONGEST_QUEUE
    wanted = {copy.sid for copy in copies}
    if len(copies) > carrier_log.pages(first, last):
        yield from (row for row in carrier_log.sent_between(first, last) if row.sid in wanted)
    for sid in sorted(wanted - said.keys()):
        if (row := carrier_log.look_up(sid)) is not None:
            yield row


def _is_news(copy: Silent, row: Logged) -> bool:
    return row.status in MEANS and MEANS[row.status] is not copy.state
