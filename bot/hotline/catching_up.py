"""Which texts missed us? Listed at the carrier, and taken in by the same door as its webhook brings them.

While the web is down, or a webhook fails, Twilio keeps the text and says no more of it (error 11200). So its list is asked again
and again, from a little before what is known to be in, and whatever the inbox does not have is received: the same reception and
effects, in one transaction with its sid, so that it enters once even if the webhook brings it in that second. Its answer goes
by lane, as no response waits for it; what its lateness means is `hotline.late`'s.

STOPs and cries for help enter as soon as a page shows them; the rest from the oldest on, when it is old enough to be no longer on
its way. The cursor moves by the carrier's own clock, and never beyond a text that has not entered.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.channels import carrier_log
from bot.channels.carrier_log import CannotLook, Logged
from bot.clock import ago, now
from bot.hotline import goodbye, listed_text, reception
from bot.hotline.inbound import Refused
from bot.inbox import keeping
from bot.outbox import listed
from bot.settings import settings
from bot.store.session import reading

INBOUND, BEGAN = "inbound", "inbound_began"
SURE_MINUTES = 2
MOST_OVERLAP_ROWS = 3000
"""In a flood no more than this is read again of what is in, beyond the last minutes, which always are."""
BATCH = 500
MOST_HELD = 5000
"""Of the rest the oldest so many are held and enter in one turn; memory stays flat, however long we were away."""
DATABASE_GONE = (OperationalError, InterfaceError)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Turn:
    """One reading of the list."""

    newest: dt.datetime
    count: int = 0
    oldest: dt.datetime | None = None
    waiting: list[dt.datetime] = field(default_factory=list)
    """When those were sent that are not in yet."""
    held: dict[str, Logged] = field(default_factory=dict)

    def look_through(self, rows: Iterable[Logged], sure: dt.datetime) -> None:
        """What is urgent enters now, page by page; the rest is held."""
        again, rows = 0, iter(rows)
        while batch := list(islice(rows, BATCH)):
            self.newest = max(self.newest, *(row.created_at for row in batch))
            for row in _missing(batch):
                if not _enters_at_once(row):
                    self.held[row.sid] = row
                elif not self._enter(row):
                    self.waiting.append(row.created_at)
            if len(self.held) > 2 * MOST_HELD:
                self._hold_the_oldest()
            again += sum(row.created_at < sure for row in batch)
            if again > MOST_OVERLAP_ROWS:
                return

    def enter_the_rest(self) -> None:
        self._hold_the_oldest()
        for row in sorted(self.held.values(), key=lambda row: row.created_at):
            if listed_text.is_on_its_way(row) or not listed_text.is_whole(row) or not self._enter(row):
                self.waiting.append(row.created_at)

    @property
    def through(self) -> dt.datetime:
        return min([self.newest, *self.waiting])

    def _hold_the_oldest(self) -> None:
        by_age = sorted(self.held.values(), key=lambda row: row.created_at)
        self.waiting += [row.created_at for row in by_age[MOST_HELD:]][:1]
        self.held = {row.sid: row for row in by_age[:MOST_HELD]}

    def _enter(self, row: Logged) -> bool:
        """By the same door. False where it must be tried again, whatever else is in by then."""
        try:
            message = listed_text.read(row)
            if not goodbye.may_go(message):
                return False
            reception.receive(message)
        except Refused as refused:
            log.error("listed_text_refused", reason=str(refused))
            return True
        except DATABASE_GONE:
            raise
        except Exception as error:
            # Tried again while the overlap shows it; it must not hold up all those after it for ever.
            log.exception("listed_text_failed", error_type=type(error).__name__)
            return True
        self.count += 1
        self.oldest = min(self.oldest or message.at, message.at)
        return True


def catch_up() -> int:
    """Take in what missed us; how many texts."""
    through, began = listed.through(INBOUND), listed.through(BEGAN)
    if through is None or began is None:
        _begin()
        return 0
    since = max(
        through - dt.timedelta(minutes=settings().catch_up_overlap_minutes), began, _as_long_as_sids_are_known()
    )
    turn = Turn(newest=through)
    try:
        for rows in carrier_log.came_in(since):
            turn.look_through(
                (row for row in rows if row.created_at > began), through - dt.timedelta(minutes=SURE_MINUTES)
            )
    except CannotLook:
        log.warning(
            "carrier_list_unreadable"
        )  # what it showed of the urgent is in; the rest enters in its order, next time
        return turn.count
    turn.enter_the_rest()
    listed.move(INBOUND, turn.through)
    if turn.count and turn.oldest:
        log.warning("texts_had_missed_us", count=turn.count, seconds=round((now() - turn.oldest).total_seconds()))
    return turn.count


def _begin() -> None:
    """The first time: what came before us is not ours to answer. The newest text there is tells the carrier's time."""
    start = ago(days=1)
    try:
        newest = [row.created_at for rows in carrier_log.came_in(start) for row in islice(rows, 1)]
    except CannotLook:
        log.warning("carrier_list_unreadable")
        return
    listed.move(BEGAN, max([start, *newest]))
    listed.move(INBOUND, max([start, *newest]))


def _as_long_as_sids_are_known() -> dt.datetime:
    """The inbox forgets a sid after some days: an older text cannot be told from one that missed us."""
    return ago(days=keeping.kept_days() - 1)


def _missing(rows: list[Logged]) -> list[Logged]:
    with reading() as session:
        known = keeping.known(session, {row.sid for row in rows})
    return [row for row in rows if row.sid not in known]


def _enters_at_once(row: Logged) -> bool:
    return listed_text.says_stop(row) or (listed_text.cries_out(row) and not listed_text.is_on_its_way(row))
