"""How do the copies leave? Claimed, paced, many in flight from one thread, recorded in bulk; the database is another thread's.

One `Sender` lives as long as its worker: it keeps the carrier's connections, what is in flight between two jobs, and whatever it
could not yet write down. If it dies with them, leases run out and the carrier's own list says what left (`reconcile`).
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import structlog
from sqlalchemy.exc import DBAPIError

from bot.channels.channel import Again, Carrier, Outcome, Parcel, Refused, Unknown
from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import holding, planning, recording
from bot.outbox.claiming import Copy
from bot.outbox.concurrency import Concurrency
from bot.outbox.desk import DATABASE_GONE, Desk
from bot.outbox.models import Lane
from bot.outbox.pacing import Pace
from bot.outbox.queueing import LATE_SECONDS, Queue
from bot.outbox.recording import Result
from bot.privacy import numbers
from bot.settings import settings

LANES = {
    "urgent": range(Lane.CORRECTION, Lane.NOTICE),
    "bulk": range(Lane.CORRECTION, Lane.NOTICE + 1),
}
"""By worker process. Bulk helps with everything, most urgent first; urgent never touches notices, so somebody is always free."""

RECORD_SECONDS = 0.2
RECORD_COUNT = 500
WAIT_SECONDS, SHORTEST_SLEEP_SECONDS, PLAN_AGAIN_SECONDS = 0.05, 0.0005, 0.2
FEED_SECONDS = 0.01
"""With copies in hand this is often enough to see what else there is to claim, to plan and to know: answers come oftener."""
QUICK_SECONDS = 0.03
"""Where requests last less than this, the database is asked in between: measured at half as much again in a second."""
ANSWER_SOON_SECONDS = 0.002
"""With room among the requests in flight, the carrier keeps us no longer while the database has something for us."""
DATABASE_REST_SECONDS = 0.5
STOP_SECONDS = 0.5
MOMENT_SECONDS = 0.05
CANNOT_OPEN = Failure("cannot_open", Act.GIVE_UP, tell=True)

log = structlog.get_logger(__name__)


class Sender:
    """Sends for one worker process. Never for two threads at once."""

    def __init__(self, name: str, lanes: Sequence[int], carrier: Carrier) -> None:
        self._lanes = lanes
        self._carrier = carrier
        self._pace = Pace(name)
        self._desk = Desk()
        self._queues = {channel: Queue(channel, self._pace, self._desk) for channel in Channel}
        self._planning: Future[bool] | None = None
        self._flying: dict[int, Copy] = {}
        self._results: list[Result] = []
        self._recording: tuple[list[Result], Future[None]] | None = None
        self._concurrency = Concurrency(name)
        self._has_room = True
        self._found = False
        self._plan_at = self._feed_at = self._record_at = self._database_at = 0.0

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
        busy = self._come_to_rest() or busy
        if stop():
            self._leave_off()
        return busy

    def _come_to_rest(self) -> bool:
        """Nobody is at the database, and all that it said is known here; True if there is more to do."""
        self._desk.finish()
        try:
            return self._take_up()
        except DATABASE_GONE as gone:
            self._database_gone(gone)
            return True
        finally:
            if self._recording is not None:
                self._see_recorded(*self._recording)

    def _turn(self) -> bool:
        """One round: feed the queues, begin what is due, hear what came back, write it down."""
        fed = self._feed()
        self._begin_due()
        self._hear(self._pause())
        self._record()
        return fed or bool(self._flying or self._results or self._recording) or self._queues_busy()

    def _queues_busy(self) -> bool:
        return any(queue.is_busy for queue in self._queues.values())

    def _feed(self) -> bool:
        """Plan a little and claim; True if there was anything, or if the database is away and we cannot know."""
        moment = time.monotonic()
        if moment < self._database_at or (moment < self._feed_at and any(map(len, self._queues.values()))):
            return True
        self._feed_at = moment + FEED_SECONDS
        try:
            if self._has_nothing and self._is_asking:
                # No new question before all are answered: a slow database would never let us end.
                self._found = self._take_up() or self._found
                return self._found or self._is_asking
            # Whoever holds something has not asked for all there is: before the end everything is asked with empty hands.
            self._found = not self._has_nothing
            self._found = self._plan() or self._found
            for queue in self._queues.values():
                queue.refresh()
                self._found = queue.fill(self._lanes, self._concurrency.trip_seconds) or self._found
            return self._found or self._is_asking
        except DATABASE_GONE as gone:
            self._database_gone(gone)
            return True

    @property
    def _has_nothing(self) -> bool:
        return not self._results and not self._has_copies

    @property
    def _has_copies(self) -> bool:
        return bool(self._flying) or any(map(len, self._queues.values()))

    @property
    def _is_asking(self) -> bool:
        return self._planning is not None or any(queue.is_asking for queue in self._queues.values())

    def _take_up(self) -> bool:
        found = self._take_up_planned()
        for queue in self._queues.values():
            found = queue.take_up() or found
        return found

    def _plan(self) -> bool:
        """A slice, and at once the next: sending begins after the first."""
        if self._planning is None and time.monotonic() >= self._plan_at:
            self._planning = self._desk.ask(planning.plan_next, self._lanes)
        return self._take_up_planned()

    def _take_up_planned(self) -> bool:
        if self._planning is None or not self._planning.done():
            return False
        asked, self._planning = self._planning, None
        self._plan_at = time.monotonic() + PLAN_AGAIN_SECONDS
        if planned := asked.result():
            self._plan_at = 0.0
        return planned

    def _begin_due(self) -> None:
        """Begin as many as have their slot, and room among the requests in flight."""
        waiting = [queue for queue in self._queues.values() if len(queue)]
        wanted = sum(len(queue) for queue in waiting)
        lane = min((queue.lane for queue in waiting), default=int(Lane.NOTICE))
        flying = len(self._flying)
        self._desk.aside = self._concurrency.trip_seconds > QUICK_SECONDS
        room = self._concurrency.room(flying, wanted, lane)
        soon = self._concurrency.soon(flying, LATE_SECONDS)
        for queue in waiting:
            copies = queue.due(room, soon)
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
        self._carrier.begin(Parcel(copy.id, address, copy.text, copy.channel, valid_seconds, begin_by, copy.clip))

    def _pause(self) -> float:
        """How long the carrier may keep us waiting before there is something else to do."""
        if not self._has_room:
            return WAIT_SECONDS
        if self._flying and self._desk.is_busy:
            return ANSWER_SOON_SECONDS
        return min([WAIT_SECONDS, *(queue.next_due_seconds() for queue in self._queues.values() if len(queue))])

    def _hear(self, seconds: float) -> None:
        if not self._flying:
            if self._desk.is_busy or time.monotonic() < self._database_at or self._queues_busy():
                self._desk.wait(max(seconds, SHORTEST_SLEEP_SECONDS))
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
        if self._recording is not None:
            self._see_recorded(*self._recording)
        if self._recording is not None or not self._results or time.monotonic() < self._database_at:
            return
        if len(self._results) >= RECORD_COUNT or not self._has_copies or time.monotonic() >= self._record_at:
            results, self._results = self._results, []
            self._recording = results, self._desk.ask(recording.record_each, results)
            self._record_at = time.monotonic() + RECORD_SECONDS

    def _see_recorded(self, results: list[Result], recording_: Future[None]) -> None:
        if not recording_.done():
            return
        self._recording = None
        try:
            recording_.result()
        except DATABASE_GONE as gone:
            self._results = results + self._results
            self._database_gone(gone)

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
        self._database_at = self._record_at = 0.0
        self._desk.finish()
        self._record()
        self._give_back([copy for queue in self._queues.values() for copy in queue.empty()])
        self._desk.finish()
        self._record()

    def _give_back(self, copies: Sequence[Copy]) -> None:
        """Nothing of them left. If that cannot be written, their leases run out, and they are looked up."""
        self._desk.tell(holding.put_back, copies)
