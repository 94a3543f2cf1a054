"""What does one worker hold for one sender, and which of it may begin this instant?

At most half a second of the pace is held (`CLAIM_SECONDS`), asked about again every half second, and given back when something
more urgent wants the slots. Replies keep their share: for each segment of a higher lane they earn a tenth of one.

The database is asked by the `desk`: each question has its asking here, and its taking up when it is answered. What is let go of
is out of these hands first, and then given back.
"""

import datetime as dt
import math
import time
from collections import deque
from collections.abc import Iterable, Sequence, Set
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice, takewhile

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import claiming, holding, pacing
from bot.outbox.breaker import Breaker, Seen
from bot.outbox.claiming import Copy
from bot.outbox.desk import DATABASE_GONE, Desk
from bot.outbox.models import Lane
from bot.settings import settings

ASK_AGAIN_SECONDS = 0.5
"""What is held longer is asked about again ..."""
STALE_SECONDS = 0.8
"""... and does not begin before: no request begins a second after a STOP (promise 4)."""
EMPTY_SECONDS = 0.1
"""After finding nothing, the database is left alone for this long."""
LONGEST_ASKING_SECONDS = 0.25
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 1.0
LATE_SECONDS = 0.01
"""A slot is used so long after its time at most (or one slot long): later, its segment would be one too many in its second."""
EARLY_SECONDS = 0.0005
"""So long before its time a slot may be used: with thousands in a second each would wait for a turn of its own."""
MOST_RESERVED = 256
CLAIMS_PER_REQUEST, MOST_CLAIMS_PER_REQUEST = 5, 20
HELD_SECONDS = 0.4
"""A carrier that answers sooner is given more at a time, as many as begin in so long: each claim has a price of its own."""


class Queue:
    """The copies of one channel in one worker's hands."""

    def __init__(self, channel: Channel, pace: pacing.Pace, desk: Desk) -> None:
        self.channel = channel
        self._pace = pace
        self._desk = desk
        self.breaker = Breaker(channel)
        self._waiting: deque[Copy] = deque()
        self._reserved: deque[tuple[float, Copy]] = deque()
        self._claiming: Future[claiming.Taken] | None = None
        self._asking: Future[holding.Verdicts] | None = None
        self._asked: list[Copy] = []
        self._looking: Future[Seen] | None = None
        self._fill_at = self._ask_at = self._rest_until = self._ask_again_at = self._asked_at = 0.0
        self._late_seconds = LATE_SECONDS
        self._outranked_by: int | None = None
        self._earned = 0.0
        self._most = claiming.MOST_AT_ONCE
        self._stumbles = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._reserved)

    @property
    def is_asking(self) -> bool:
        """The database was asked something, and what it says was not taken up yet."""
        return self._claiming is not None or self._looking is not None or self._asking is not None

    def fill(self, lanes: Sequence[int], trip_seconds: float) -> bool:
        """Claim what the pace can take, and requests that last so long; True if anything was there, or may be.

        Raises what the database raises.
        """
        if self._claiming is None:
            self._claim(lanes, trip_seconds)
        return self.take_up() or self.is_asking

    def _claim(self, lanes: Sequence[int], trip_seconds: float) -> None:
        """Ask for copies, if there is room for them."""
        moment = time.monotonic()
        if moment < self._fill_at or moment < self._rest_until:
            return
        budget = min(self._budget(trip_seconds), self._most, self.breaker.may_hold)
        held = sum(copy.segments for copy in self._held()) if len(self) <= budget // 2 else budget
        if held > budget // 2 or held >= budget:
            return
        kept = int(self._earned) if Lane.REPLY in lanes else 0
        wanted = self._not_outranked(lanes)
        self._claiming = self._desk.ask(_claimed, self.channel, wanted, budget - held, kept)

    def take_up(self) -> bool:
        """What the database said meanwhile; True if there is something to do. Raises what the database raises."""
        is_due = self._take_up_look()
        self._take_up_verdicts()
        return self._take_up_claimed() or is_due

    def _take_up_claimed(self) -> bool:
        if self._claiming is None or not self._claiming.done():
            return False
        claiming_, self._claiming = self._claiming, None
        claimed, settled = claiming_.result()
        for copy in claimed:
            if copy.kept:
                self._earned -= copy.segments
            elif copy.lane < Lane.REPLY:
                self._earn(copy.segments)
        self._line_up(claimed)
        if not claimed and not settled:
            self._fill_at = time.monotonic() + EMPTY_SECONDS
        return bool(claimed or settled)

    def _earn(self, segments: int) -> None:
        share = settings().reply_share
        self._earned = min(1 + pacing.rate(self.channel) * share, self._earned + segments * share)

    def _line_up(self, copies: Iterable[Copy]) -> None:
        lined_up = sorted(copies, key=_order)
        if self._waiting and lined_up and _order(lined_up[0]) < _order(self._waiting[-1]):
            lined_up = sorted([*self._waiting, *lined_up], key=_order)
            self._waiting.clear()
        self._waiting.extend(lined_up)

    def _not_outranked(self, lanes: Sequence[int]) -> Sequence[int]:
        """What another worker would take the slots from is not worth claiming: it would only be given back."""
        if self._outranked_by is not None:
            self._outranked_by = self._pace.more_urgent(self.channel)
        by = self._outranked_by
        return lanes if by is None else [lane for lane in lanes if lane <= by]

    def _budget(self, trip_seconds: float) -> int:
        """Half a second of the pace; and no more than we can soon begin, or asking about it again would take too long."""
        of_pace = math.ceil(pacing.rate(self.channel) * settings().claim_seconds)
        each = min(max(CLAIMS_PER_REQUEST, HELD_SECONDS / trip_seconds), MOST_CLAIMS_PER_REQUEST)
        return max(1, min(of_pace, int(each * settings().twilio_max_concurrent_requests / self._pace.workers)))

    @property
    def is_busy(self) -> bool:
        """Whether there is something to do here, now or in a moment. Whoever was outranked has to look again."""
        return len(self) > 0 or self._outranked_by is not None or self.is_asking or self.breaker.is_busy

    def look_at_once(self) -> None:
        """Somebody says that there is work: what was found a moment ago does not count."""
        self._fill_at = 0.0
        self.breaker.look_at_once()

    def refresh(self) -> None:
        """Ask again about what has been held for a while; give back what would not be recorded within its lease."""
        first = self._first
        if self._looking is None and (errand := self.breaker.errand(first.id if first else None)):
            self._looking = self._desk.ask(errand)
        if self.breaker.may_hold < len(self):
            self._hold_only(self.breaker.may_hold)
        if self._asking is None:
            self._ask_again()

    def _take_up_look(self) -> bool:
        """Whether the sender stands still. True if a copy may be tried now."""
        if self._looking is None or not self._looking.done():
            return False
        looking, self._looking = self._looking, None
        self.breaker.take(looking.result())
        return self.breaker.may_hold == 1

    def _ask_again(self) -> None:
        moment = time.monotonic()
        if moment < self._ask_again_at or not len(self):
            return
        oldest = min(copy.asked_at for copy in self._held())
        if moment - oldest < ASK_AGAIN_SECONDS:  # what comes and goes at once is asked about by its claim alone
            self._ask_again_at = oldest + ASK_AGAIN_SECONDS
            return
        latest = now() + dt.timedelta(seconds=settings().twilio_timeout_seconds + 1)
        self._let_go([copy for copy in self._held() if copy.lease_until <= latest])
        if held := self._held():
            self._asked, self._asked_at = held, moment
            self._asking = self._desk.ask(holding.verdicts, held)

    def _take_up_verdicts(self) -> None:
        """What began meanwhile is in nobody's hands any more, and needs no verdict."""
        if self._asking is None or not self._asking.done():
            return
        asking, self._asking = self._asking, None
        said = asking.result()
        others = {copy.id for copy in self._asked} - said.ours
        held = {copy.id for copy in self._held()}
        self._drop_from_hands(others)
        if settle := [(copy, why) for copy, why in said.settle if copy.id in held]:
            self._desk.tell(holding.settle, settle)
        for copy in self._asked:
            copy.asked_at = said.asked_at
        count, self._asked = len(self._asked), []
        self._hold_what_can_be_asked(count, time.monotonic() - self._asked_at)

    def _hold_what_can_be_asked(self, count: int, took_seconds: float) -> None:
        """A database that is slow to say what may leave must not be asked about more than it can say in time."""
        if took_seconds > LONGEST_ASKING_SECONDS:
            self._most = max(1, count // 2)
            self._hold_only(self._most)
        else:
            self._most = min(claiming.MOST_AT_ONCE, 2 * self._most)

    def _hold_only(self, most: int) -> None:
        """The others are not kept from being sent by another worker, or another way."""
        self._let_go(self._held()[most:])

    def due(self, room: int, soon: int = 0) -> list[Copy]:
        """Copies whose slot has come, at most `room` of them. For so many more there will be room in a moment."""
        moment = time.monotonic()
        if moment < self._rest_until:
            return []
        self._lose_what_is_late(moment)
        short = room - len(self._reserved)
        if short > 0 and self._waiting and moment >= self._ask_at:
            self._reserve(min(short + soon, MOST_RESERVED))
            moment = time.monotonic()  # a slot of this instant is used now: after the next slice it would be late
        ready: list[Copy] = []
        while self._reserved and self._reserved[0][0] <= moment + EARLY_SECONDS and len(ready) < room:
            copy = self._reserved[0][1]
            if moment - copy.asked_at > STALE_SECONDS or not self.breaker.may_begin(copy.id):
                break
            ready.append(self._reserved.popleft()[1])
        return ready

    def _lose_what_is_late(self, moment: float) -> None:
        """We were held up (the database, a busy machine): sent now, these would make this second fuller than the pace."""
        late = []
        while self._reserved and self._reserved[0][0] < moment - self._late_seconds:
            late.append(self._reserved.popleft()[1])
        if late:
            self._line_up(late)
            self._ask_at = 0.0

    def _reserve(self, most: int) -> None:
        """Slots for the first few of one lane."""
        first = self._waiting[0]
        next_ones = islice(self._waiting, most)
        same = list(takewhile(lambda copy: copy.lane == first.lane and copy.kept == first.kept, next_ones))
        slots = self._pace.reserve(self.channel, first.lane, [copy.segments for copy in same], kept=first.kept)
        moment = time.monotonic()
        self._ask_at = moment + slots.ask_again_seconds
        if slots.outranked:
            self._outranked_by = slots.outranked_by
            self._let_go(self._held())
            return
        at, self._late_seconds = moment + slots.first_seconds, max(slots.slot_seconds, LATE_SECONDS)
        for _ in range(slots.granted):
            copy = self._waiting.popleft()
            self._reserved.append((at, copy))
            at += copy.segments * slots.slot_seconds

    @property
    def lane(self) -> int:
        """The most urgent lane of what is held, replies that go by their own share apart."""
        waiting = next((copy.lane for copy in self._waiting if not copy.kept), int(Lane.NOTICE))
        return min(waiting, self._first.lane) if self._first else waiting

    @property
    def _first(self) -> Copy | None:
        return self._reserved[0][1] if self._reserved else self._waiting[0] if self._waiting else None

    def again(self, copy: Copy) -> None:
        """Nothing of it left: it goes first when there is room."""
        self._line_up([copy])

    def stumbled(self, copy: Copy) -> None:
        """Nobody there to take it: it goes first when we go on, a little later each time."""
        self.again(copy)
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self._stumbles)
        self._stumbles = min(self._stumbles + 1, 10)
        self.rest(pause)

    def went_well(self) -> None:
        self._stumbles = 0

    def rest(self, seconds: float) -> None:
        """Begin nothing for this long."""
        self._rest_until = max(self._rest_until, time.monotonic() + seconds)

    def next_due_seconds(self) -> float:
        """When there may be something to begin; only a hint for how long to wait."""
        moment = time.monotonic()
        at = self._reserved[0][0] if self._reserved else self._ask_at
        return max(0.0, max(at, self._rest_until) - moment)

    def empty(self) -> list[Copy]:
        """Everything held, which is then no longer; also what was claimed and not taken up (the desk has finished)."""
        if self._claiming is not None:
            with suppress(*DATABASE_GONE):
                self._take_up_claimed()
        held = self._held()
        self._waiting.clear()
        self._reserved.clear()
        return held

    def _held(self) -> list[Copy]:
        return [copy for _, copy in self._reserved] + list(self._waiting)

    def _let_go(self, copies: Sequence[Copy]) -> None:
        """They wait for another worker, another moment, or another way."""
        if copies:
            self._drop_from_hands({copy.id for copy in copies})
            self._desk.tell(holding.put_back, copies)

    def _drop_from_hands(self, ids: Set[int]) -> None:
        if ids:
            self._waiting = deque(copy for copy in self._waiting if copy.id not in ids)
            self._reserved = deque((at, copy) for at, copy in self._reserved if copy.id not in ids)


def _order(copy: Copy) -> tuple[bool, int, int]:
    return not copy.kept, copy.lane, copy.id


def _claimed(channel: Channel, lanes: Sequence[int], most_segments: int, kept: int) -> claiming.Taken:
    """Copies of these lanes; and first as many replies as their own share pays for, whatever else is waiting."""
    replies = claiming.claim(channel, [Lane.REPLY], kept) if kept else claiming.Taken([])
    for copy in replies.copies:
        copy.kept = True
    others = claiming.claim(channel, lanes, max(1, most_segments))
    return claiming.Taken(replies.copies + others.copies, replies.settled + others.settled)
