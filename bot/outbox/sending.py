"""How do the copies leave? Claimed, paced, many in flight from one thread, recorded in bulk, with no database held meanwhile.

One `Sender` lives as long as its worker: it keeps the carrier's connections, what is in flight between two jobs, and whatever it
could not yet write down. If it dies with them, leases run out and the carrier's own list says what left (`reconcile`).
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.channels.channel import Again, Carrier, Outcome, Parcel, Refused, Unknown
from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import claiming, planning, recording
from bot.outbox.claiming import Copy
from bot.outbox.models import Lane
from bot.outbox.pacing import Pace
from bot.outbox.queueing import Queue
from bot.outbox.recording import Result
from bot.privacy import numbers
from bot.settings import settings

LANES = {
    "urgent": range(Lane.CORRECTION, Lane.NOTICE),
    "bulk": range(Lane.CORRECTION, Lane.NOTICE + 1),
}
"""By worker process. Bulk helps with everything, most urgent first; urgent never touches notices, so somebody is always free."""

RECORD_SECONDS = 0.2
RECORD_COUNT = 250
PLAN_SECONDS = 0.1
WAIT_SECONDS, SHORTEST_SLEEP_SECONDS = 0.05, 0.0005
DATABASE_REST_SECONDS = 0.5
STOP_SECONDS = 0.5
DATABASE_GONE = (OperationalError, InterfaceError)
"""Restarting, unreachable, or locked for too long. Any other error is a mistake of ours."""
CANNOT_OPEN = Failure("cannot_open", Act.GIVE_UP, tell=True)

log = structlog.get_logger(__name__)


class Sender:
    """Sends for one worker process. Never for two threads at once."""

    def __init__(self, name: str, lanes: Sequence[int], carrier: Carrier) -> None:
        self._lanes = lanes
        self._carrier = carrier
        self._pace = Pace(name)
        self._queues = {channel: Queue(channel, self._pace) for channel in Channel}
        self._flying: dict[int, Copy] = {}
        self._results: list[Result] = []
        self._limit = float(settings().twilio_max_concurrent_requests)
        self._plan_at = self._record_at = self._database_at = 0.0

    def work(self, seconds: float, stop: Callable[[], bool] = lambda: False) -> bool:
        """Plan and send until there is nothing to do, the time is up, or `stop`; True while there is more to do."""
        ends = time.monotonic() + seconds
        busy, self._plan_at = True, 0.0
        for queue in self._queues.values():
            queue.look_at_once()
        while busy and time.monotonic() < ends and not stop():
            busy = self._turn()
        if stop():
            self._leave_off()
        return busy

    def _turn(self) -> bool:
        """One round: feed the queues, begin what is due, hear what came back, write it down."""
        fed = self._feed()
        for queue in self._queues.values():
            for copy in queue.due(self._room()):
                self._begin(copy)
        self._hear(self._pause())
        if self._results and (len(self._results) >= RECORD_COUNT or time.monotonic() >= self._record_at):
            self._record()
        return fed or bool(self._flying or self._results) or self._queues_busy()

    def _queues_busy(self) -> bool:
        return any(queue.is_busy for queue in self._queues.values())

    def _feed(self) -> bool:
        """Plan a little and claim; True if there was anything, or if the database is away and we cannot know."""
        if time.monotonic() < self._database_at:
            return True
        try:
            planned = self._plan()
            fed = planned
            for queue in self._queues.values():
                queue.refresh()
                fed = queue.fill(self._lanes) or fed
            return fed
        except DATABASE_GONE as gone:
            self._database_gone(gone)
            return True

    def _plan(self) -> bool:
        """Slices for a tenth of a second at most: sending begins after the first."""
        moment = time.monotonic()
        if moment < self._plan_at:
            return False
        planned = False
        while planning.plan_next(self._lanes):
            planned = True
            if time.monotonic() > moment + PLAN_SECONDS:
                return True
        self._plan_at = time.monotonic() + WAIT_SECONDS
        return planned

    def _room(self) -> int:
        """Requests we may still begin: an equal share of what the account allows, less while it says 429."""
        share = max(1, settings().twilio_max_concurrent_requests // self._pace.workers)
        self._limit = min(self._limit, share)
        return int(self._limit) - len(self._flying)

    def _begin(self, copy: Copy) -> None:
        if _comes_too_late(copy):
            self._give_back([copy])
            return
        try:
            address = numbers.opened(copy.contact_id, copy.tag, copy.sealed, copy.locked)
        except numbers.CannotOpen:
            self._results.append(Result(copy, Refused(CANNOT_OPEN), now()))
            return
        valid = int((copy.expires_at - now()).total_seconds())
        self._flying[copy.id] = copy
        self._carrier.begin(Parcel(copy.id, address, copy.text, copy.channel, valid))

    def _pause(self) -> float:
        """How long the carrier may keep us waiting before there is something else to do."""
        return min([WAIT_SECONDS, *(queue.next_due_seconds() for queue in self._queues.values() if len(queue))])

    def _hear(self, seconds: float) -> None:
        if not self._flying:
            if time.monotonic() < self._database_at or self._queues_busy():
                time.sleep(max(seconds, SHORTEST_SLEEP_SECONDS))
            return
        for delivery_id, outcome in self._carrier.wait(seconds):
            self._take(self._flying.pop(delivery_id), outcome)

    def _take(self, copy: Copy, outcome: Outcome) -> None:
        queue = self._queues[copy.channel]
        if isinstance(outcome, Again):
            queue.stumbled(copy)
            self._limit = max(1.0, self._limit / 2)
            log.warning("again", delivery=copy.id, why=outcome.why)
            return
        queue.went_well()
        self._limit += 1 / self._limit
        if isinstance(outcome, Refused) and outcome.failure.act is Act.HOLD:
            queue.rest(outcome.failure.after_seconds)
        self._results.append(Result(copy, outcome, now()))

    def _record(self) -> None:
        """What cannot be written down now is kept, and tried again."""
        if time.monotonic() < self._database_at:
            return
        self._record_at = time.monotonic() + RECORD_SECONDS
        try:
            recording.record(self._results)
            self._results = []
        except DATABASE_GONE as gone:
            self._database_gone(gone)
        except Exception as error:
            log.exception("cannot_record", count=len(self._results), error_type=type(error).__name__)
            self._record_singly()

    def _record_singly(self) -> None:
        """One that cannot be written must not hold up the others, nor this worker: its lease runs out, and it is looked up."""
        while self._results:
            try:
                recording.record(self._results[:1])
            except DATABASE_GONE as gone:
                self._database_gone(gone)
                return
            except Exception as error:
                log.exception("cannot_record", delivery=self._results[0].copy.id, error_type=type(error).__name__)
            del self._results[0]

    def _database_gone(self, gone: DBAPIError) -> None:
        self._database_at = time.monotonic() + DATABASE_REST_SECONDS
        log.warning("database_gone", error_type=type(gone.orig).__name__, count=len(self._results))

    def _leave_off(self) -> None:
        """The process ends: what is in flight has half a second to come home, the rest waits for somebody else. Repeatable."""
        ends = time.monotonic() + STOP_SECONDS
        while self._flying and time.monotonic() < ends:
            self._hear(WAIT_SECONDS)
        self._results += [Result(copy, Unknown("stopped"), now()) for copy in self._flying.values()]
        self._flying.clear()
        self._carrier.close()
        self._database_at = 0.0
        self._record()
        self._give_back([copy for queue in self._queues.values() for copy in queue.empty()])

    def _give_back(self, copies: Sequence[Copy]) -> None:
        """Nothing of them left. If that cannot be written, their leases run out, and they are looked up."""
        try:
            claiming.put_back(copies)
        except DATABASE_GONE as gone:
            self._database_gone(gone)


def _comes_too_late(copy: Copy) -> bool:
    """Whoever was held up between the last question and the request (swap, a paused machine) has no say over it any more."""
    latest = now() + dt.timedelta(seconds=settings().twilio_timeout_seconds)
    return copy.lease_until <= latest or copy.expires_at <= now()
