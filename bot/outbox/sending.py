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
from bot.outbox import holding, planning, recording
from bot.outbox.claiming import Copy
from bot.outbox.concurrency import Concurrency
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
MOMENT_SECONDS = 0.05
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
        self._concurrency = Concurrency(name)
        self._has_room = True
        self._plan_at = self._record_at = self._database_at = 0.0

    def work(
        self,
        seconds: float,
        stop: Callable[[], bool] = lambda: False,
        call: Callable[[], None] = lambda: None,
    ) -> bool:
        """Plan and send until there is nothing to do, the time is up, or `stop`; True while there is more to do.

        `call` is called once, if it takes longer than a moment: another may help.
        """
        began = time.monotonic()
        busy, called, self._plan_at = True, False, 0.0
        for queue in self._queues.values():
            queue.look_at_once()
        while busy and time.monotonic() < began + seconds and not stop():
            busy = self._turn()
            if not called and time.monotonic() > began + MOMENT_SECONDS and any(map(len, self._queues.values())):
                called = True
                call()
        if stop():
            self._leave_off()
        return busy

    def _turn(self) -> bool:
        """One round: feed the queues, begin what is due, hear what came back, write it down."""
        fed = self._feed()
        self._begin_due()
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

    def _begin_due(self) -> None:
        """Begin as many as have their slot, and room among the requests in flight."""
        waiting = [queue for queue in self._queues.values() if len(queue)]
        wanted = sum(len(queue) for queue in waiting)
        lane = min((queue.lane for queue in waiting), default=int(Lane.NOTICE))
        room = self._concurrency.room(len(self._flying), wanted, lane)
        for queue in waiting:
            copies = queue.due(room)
            room -= len(copies)
            self._begin(copies)
        self._has_room = room > 0

    def _begin(self, copies: Sequence[Copy]) -> None:
        if not copies:
            return
        moment = now()
        latest = moment + dt.timedelta(seconds=settings().twilio_timeout_seconds)
        for copy in copies:
            # Whoever was held up since the last question (swap, a paused machine) has no say over it any more.
            if copy.lease_until <= latest or copy.expires_at <= moment:
                self._give_back([copy])
            else:
                self._hand_over(copy, int((copy.expires_at - moment).total_seconds()))

    def _hand_over(self, copy: Copy, valid_seconds: int) -> None:
        try:
            address = numbers.opened(copy.contact_id, copy.tag, copy.sealed, copy.locked)
        except numbers.CannotOpen:
            self._results.append(Result(copy, Refused(CANNOT_OPEN), now()))
            return
        self._flying[copy.id] = copy
        begin_by = min(copy.lease_until, copy.expires_at)
        self._carrier.begin(Parcel(copy.id, address, copy.text, copy.channel, valid_seconds, begin_by))

    def _pause(self) -> float:
        """How long the carrier may keep us waiting before there is something else to do."""
        if not self._has_room:
            return WAIT_SECONDS
        return min([WAIT_SECONDS, *(queue.next_due_seconds() for queue in self._queues.values() if len(queue))])

    def _hear(self, seconds: float) -> None:
        if not self._flying:
            if time.monotonic() < self._database_at or self._queues_busy():
                time.sleep(max(seconds, SHORTEST_SLEEP_SECONDS))
            return
        outcomes, moment = self._carrier.wait(seconds), now()
        for delivery_id, outcome in outcomes:
            self._take(self._flying.pop(delivery_id), outcome, moment)
        if (concurrent := self._carrier.concurrent()) is not None:
            self._concurrency.heard(concurrent)

    def _take(self, copy: Copy, outcome: Outcome, moment: dt.datetime) -> None:
        queue = self._queues[copy.channel]
        queue.breaker.heard(copy.id, outcome)
        if isinstance(outcome, Again):
            log.warning("again", delivery=copy.id, why=outcome.why)
            if outcome.too_many:
                self._concurrency.refused()
                queue.again(copy)
            else:
                queue.stumbled(copy)
            return
        self._concurrency.went_well()
        queue.went_well()
        self._results.append(Result(copy, outcome, moment))

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
            holding.put_back(copies)
        except DATABASE_GONE as gone:
            self._database_gone(gone)
