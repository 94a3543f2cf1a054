"""How many requests may this worker have in flight right now? One allowance of the account, shared over workers and hosts.

Each worker says some twenty times a second how many it has in flight and could use; Redis leases it that many: the more urgent
lane first, equals alike, never more in all than `TWILIO_MAX_CONCURRENT_REQUESTS`. What nobody needs, anybody may have; what is
needed more urgently is not begun again where it was. A 429 halves the allowance for all, at most once per round trip, and each
round trip without one brings back a twentieth of it (AIMD). What others of the account hold is left to them before a 429 comes,
by Twilio's own count. Redis gone: an equal share of the last allowance, by our own count of 429s.

For `sending`, all of them cheap enough to be called for each message:

    concurrency = Concurrency(name)                # one per worker, by the name its `Pace` has
    concurrency.room(flying, wanted, lane) -> int  # how many more may begin now. Every turn, idle ones too
    concurrency.went_well()                        # an answer came that is not 429, whatever it says
    concurrency.refused()                          # a 429: the copy may go again as soon as `room` says so
    concurrency.heard(concurrent)                  # `Twilio-Concurrent-Requests` of some of the answers
"""

import time

import structlog

from bot.outbox import allowance
from bot.outbox.allowance import Allowance
from bot.outbox.link import GONE
from bot.outbox.pacing import ASSUMED_WORKERS, REDIS_REST_SECONDS
from bot.outbox.trip import Trip
from bot.settings import settings

ASK_SECONDS, SOONEST_SECONDS = 0.05, 0.01
"""How often a busy worker asks; sooner where all it asked for was given, and now it needs more."""
BEAT_SECONDS = 5.0
"""An idle worker says this often that it lives: without Redis, shares are counted by those who live."""
SPARE = 4
"""Asked for beyond the need, so that a trickle of single messages asks no oftener than a flood."""
REST_SECONDS = 0.1
"""After a 429 at the least allowance; above it, the halved allowance is rest enough."""

log = structlog.get_logger(__name__)


class Concurrency:
    """One worker's part of what may be in flight. For one thread at a time."""

    def __init__(self, name: str) -> None:
        self._most = settings().twilio_max_concurrent_requests
        self._least = allowance.least(self._most)
        self._limit = float(self._most)
        self._workers = ASSUMED_WORKERS
        self._granted = 0
        self._got_all = True
        self._lease_ends = self._asked_at = self._without_until = self._rest_until = self._cut_at = 0.0
        self._alone = False
        self._refused = False
        self._well = 0
        self._heard = -1
        self._trip = Trip()
        self._allowance = Allowance(name, self._most)

    def room(self, flying: int, wanted: int, lane: int) -> int:
        """How many more may begin now, of `wanted`, where so many are in flight and the most urgent waits in `lane`."""
        moment = time.monotonic()
        self._trip.saw(moment, flying)
        if self._is_time(moment, flying + wanted):
            self._ask(moment, flying, wanted, lane)
        if moment < self._rest_until:
            return 0
        return max(0, self._mine(moment) - flying)

    @property
    def trip_seconds(self) -> float:
        """How long a request lasts, lately."""
        return self._trip.seconds

    def soon(self, flying: int, seconds: float) -> int:
        """How many of those in flight come back within so long."""
        return int(flying * seconds / self._trip.seconds)

    def went_well(self) -> None:
        """The carrier answered, and not that it was too much."""
        self._well += 1
        self._trip.ended()

    def refused(self) -> None:
        """429: nothing was accepted, and less is wanted."""
        self._refused = True
        self._trip.ended()
        if self._limit <= self._least:
            self._rest_until = time.monotonic() + REST_SECONDS

    def heard(self, concurrent: int) -> None:
        """What the whole account has in flight, by the carrier's count."""
        self._heard = concurrent

    def _is_time(self, moment: float, needed: int) -> bool:
        since = moment - self._asked_at
        if not needed:
            return since >= BEAT_SECONDS or self._granted > 2 * SPARE
        urgent = self._refused or (self._got_all and needed > self._mine(moment)) or moment >= self._lease_ends
        return since >= (SOONEST_SECONDS if urgent else ASK_SECONDS)

    def _mine(self, moment: float) -> int:
        """What is leased to us; without Redis an equal share, and no more than that lease while it lasts."""
        leased = self._granted if moment < self._lease_ends else 0
        if not self._alone:
            return leased
        share = max(1, int(self._limit) // self._workers)
        return min(leased, share) if leased else share

    def _ask(self, moment: float, flying: int, wanted: int, lane: int) -> None:
        self._asked_at = moment
        if moment >= self._without_until:
            try:
                self._lease(moment, flying, wanted, lane)
                return
            except GONE as gone:
                self._alone, self._without_until = True, time.monotonic() + REDIS_REST_SECONDS
                log.warning("concurrency_without_redis", error_type=type(gone).__name__, workers=self._workers)
        self._steer_alone(moment)

    def _lease(self, moment: float, flying: int, wanted: int, lane: int) -> None:
        need = flying + max(wanted, SPARE) if flying + wanted else 0
        lease = self._allowance.ask(
            self._mine(moment), flying, need, lane, peak=self._trip.peak(), well=self._well,
            refused=self._refused, heard=self._heard, trip_seconds=self._trip.seconds,
        )  # fmt: skip
        self._alone = False
        self._granted, self._got_all = lease.granted, lease.granted >= need
        self._limit, self._workers = float(lease.allowed), lease.workers
        self._lease_ends = moment + allowance.LEASE_SECONDS
        self._forget_what_was_told()

    def _steer_alone(self, moment: float) -> None:
        """The same rule, by what we alone have seen."""
        self._trip.peak()
        self._limit = min(float(self._most), self._limit + max(1.0, self._most / 20) * self._well / self._limit)
        if self._refused and moment - self._cut_at > self._trip.seconds:
            self._limit, self._cut_at = max(float(self._least), self._limit / 2), moment
        self._forget_what_was_told()

    def _forget_what_was_told(self) -> None:
        self._refused, self._well, self._heard = False, 0, -1
