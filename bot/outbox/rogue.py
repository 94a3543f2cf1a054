"""Has anything left our account that none of us sent? Twilio's log is compared with ours every minute (promise 2).

Whoever has our key can write to people in our name, and no rule of ours would see it: it shows in the account's own list. So
the account is ours alone (docs/deploy.md), and each posted message there must be a copy of ours, by its sid; or may be one whose
request was lost, or that was sent again, as long as there is such a copy to the same person. What left in a webhook's answer has
no sid here, and needs none: whoever answered for us would have to be our webhook, and texts that miss it are found
(`hotline.catching_up`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel, find
from bot.outbox import alarms, listed, troubles
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.reconcile import LOOKS, known_sids
from bot.outbox.seen import POSTED
from bot.privacy import audit, numbers
from bot.settings import settings
from bot.store.session import reading, writing

CURSOR = "rogue"
ROGUE = Failure("rogue_send", Act.GIVE_UP, tell=True)
CHUNK = 500
LONGEST_LOOK_BACK = dt.timedelta(days=1)
"""After a longer absence what was before is not compared: its receipts were."""
CLOCK_SKEW = dt.timedelta(minutes=2)
UNSETTLED = (State.CLAIMED, State.UNKNOWN)

log = structlog.get_logger(__name__)


def compare() -> int:
    """Look at what is old enough to be known here; how many messages none of us sent. Nothing follows from half a list."""
    until = now() - _settled_after()
    since = listed.through(CURSOR)
    if since is None:
        listed.move(CURSOR, until)
        return 0
    since = max(since, until - LONGEST_LOOK_BACK)
    found: list[Logged] = []
    try:
        for rows in _in_chunks(_posted(since, until)):
            with reading() as session:
                found += _of_nobody(session, rows)
    except CannotLook:
        log.warning("carrier_list_unreadable")
        return 0
    if found:
        _raise_alarm(found)
    listed.move(CURSOR, until)
    return len(found)


def _settled_after() -> dt.timedelta:
    """By then a lost send has been looked for as often as it ever is: it has its sid, or was never accepted."""
    return dt.timedelta(seconds=settings().unknown_look_seconds * (LOOKS + 1))


def _posted(since: dt.datetime, until: dt.datetime) -> Iterator[Logged]:
    rows = carrier_log.everything(since)
    return (row for row in rows if row.direction == POSTED and since < row.created_at <= until)


def _in_chunks(rows: Iterable[Logged]) -> Iterator[Sequence[Logged]]:
    waiting: list[Logged] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == CHUNK:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _of_nobody(session: Session, rows: Sequence[Logged]) -> list[Logged]:
    ours = known_sids(session, (row.sid for row in rows))
    strange = {row.sid: row for row in rows if row.sid not in ours}  # a row may come twice
    return [row for row in strange.values() if not _may_be_one_of_ours(session, row)]


def _may_be_one_of_ours(session: Session, row: Logged) -> bool:
    """A copy to this very person whose sid we still look for, or that was sent again since: then it has the later one's."""
    try:
        contact = find(session, numbers.address(row.to.removeprefix("whatsapp:")))
    except numbers.NotAnAddress:
        return False
    if contact is None:
        return False
    lost = Delivery.state.in_(UNSETTLED) & Delivery.sid.is_(None)
    again = (Delivery.attempts > 1) & (Delivery.created_at <= row.created_at + CLOCK_SKEW)
    like_it = select(Delivery.id).where(or_(lost, again)).limit(1)
    return any(session.scalar(like_it.where(theirs)) for theirs in Delivery.of_contact(contact.id))


def _raise_alarm(found: Sequence[Logged]) -> None:
    """Kept for good, shown on every page of those who can mend it, and texted to them."""
    with writing() as session:
        for row in found:
            audit.record(session, "rogue.found", f"message:{row.sid}", detail=row.created_at.isoformat())
        for channel in Channel:
            times = sum(_channel(row) is channel for row in found)
            if times:
                troubles.note(session, ROGUE, channel, {None}, times)
        alarms.not_sent_by_us(session, len(found))
    log.error(
        "rogue_send",
        count=len(found),
        since_seconds=round((now() - min(row.created_at for row in found)).total_seconds()),
    )


def _channel(row: Logged) -> Channel:
    return Channel.WHATSAPP if row.to.startswith("whatsapp:") else Channel.SMS
