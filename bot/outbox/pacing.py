"""May the next segment leave now? One clock per sender in Redis says so (`slots`), exact over processes and hosts.

Redis gone: each worker goes on with its last share of the rate, by its own clock. No second is fuller than the pace when that
happens, nor when Redis comes back, or has lost its memory.
"""

import math
import time
from functools import lru_cache

import structlog

from bot.contacts.models import Channel
from bot.outbox.link import GONE
from bot.outbox.models import Lane
from bot.outbox.slots import AHEAD_SECONDS, MOST_SEGMENTS, SlotClock, Slots
from bot.settings import settings

ASSUMED_WORKERS = 4
"""A worker that never saw Redis cannot know how many there are; slower is safe, the carrier's limit is not."""
REDIS_REST_SECONDS = 1.0
"""Once gone, Redis is asked again after this ..."""
RETURN_SECONDS = 1.5
"""... so that all have noticed by then that it is back. Until then each goes by its share, or two rates would add up."""
SOON_SECONDS = 0.05
"""So long an answer may wait for its slot, in the response that waits for it: cheaper than by its lane, and sooner there."""
WHATSAPP_SEGMENTS_PER_SECOND = 80.0
"""Meta's limit of one WhatsApp sender, texts in and out."""

MMS_PER_SECOND = 25.0
"""Of the slowest kind of sender, toll-free, as Twilio publishes them; short codes have 40, 10DLC 50."""

log = structlog.get_logger(__name__)


def segments_of_mms() -> int:
    """How much of the pace one MMS takes. A fast sender's MMS are slower than its SMS; a slow one's never count for less."""
    return max(1, min(MOST_SEGMENTS, math.ceil(rate(Channel.SMS) / MMS_PER_SECOND)))


def rate(channel: Channel) -> float:
    """Segments a second that the sender of this channel may send."""
    return WHATSAPP_SEGMENTS_PER_SECOND if channel is Channel.WHATSAPP else settings().sender_segments_per_second


class Pace:
    """One worker's view of the pace. `name` tells it from the others; whoever only answers has none, and no share."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._workers = ASSUMED_WORKERS
        self._alone = False
        self._alone_until = 0.0
        self._free_at: dict[Channel, float] = {}
        """When the last slot we reserved is over."""
        self._of_our_own: set[Channel] = set()
        """Where Redis does not know of that slot."""
        self._clock = SlotClock(name)

    @property
    def workers(self) -> int:
        """How many live, this one included."""
        return self._workers

    def reserve(
        self, channel: Channel, lane: int, costs: list[int], *, kept: bool = False, ahead: float = AHEAD_SECONDS
    ) -> Slots:
        """Slots for messages of these many segments. `kept`: out of the replies' own share, which no lane outranks."""
        if time.monotonic() >= self._alone_until:
            try:
                if (slots := self._ask(channel, lane, costs, kept, ahead)) is not None:
                    return slots
            except GONE as gone:
                self._go_alone()
                log.warning("pace_without_redis", error_type=type(gone).__name__, workers=self._workers)
        return self._share(channel, costs, ahead)

    def more_urgent(self, channel: Channel) -> int | None:
        """The lane of another worker that wants slots and has none, if any. Nothing less urgent is worth claiming now."""
        return self.reserve(channel, Lane.NOTICE, []).outranked_by

    def _ask(self, channel: Channel, lane: int, costs: list[int], kept: bool, ahead: float) -> Slots | None:
        """`None` while all who went on alone come back: somebody may not have noticed yet, and goes by its share."""
        own = self._free_at.get(channel, 0.0) - time.monotonic() if channel in self._of_our_own else 0.0
        returning = RETURN_SECONDS if self._alone and self._name else 0.0
        slots, self._workers, settling_seconds = self._clock.take(
            channel, rate(channel), lane, costs, kept=kept, ahead=ahead, own=own, returning=returning
        )
        self._alone = False
        if settling_seconds:
            self._alone_until = time.monotonic() + settling_seconds
            return None
        if slots.granted:
            self._of_our_own.discard(channel)
            ends = slots.first_seconds + slots.slot_seconds * sum(costs[: slots.granted])
            self._free_at[channel] = time.monotonic() + ends
        return slots

    def _go_alone(self) -> None:
        """From the rate to a share of it: the next slot is that much later, or the change itself would be too quick."""
        if not self._alone:
            for channel in self._free_at:
                self._free_at[channel] += (self._workers - 1) / rate(channel)
        self._alone, self._alone_until = True, time.monotonic() + REDIS_REST_SECONDS

    def _share(self, channel: Channel, costs: list[int], ahead: float) -> Slots:
        """Our share of the rate, by our own clock."""
        now = time.monotonic()
        interval = self._workers / rate(channel)
        first = at = max(self._free_at.get(channel, 0.0), now)
        granted = 0
        while granted < len(costs) and at <= now + ahead:
            at += interval * costs[granted]
            granted += 1
        if granted:
            self._free_at[channel] = at
            self._of_our_own.add(channel)
        return Slots(granted, first - now, interval, max(0.0, at - now - ahead))


def take_now(segments: int, channel: Channel = Channel.SMS) -> bool:
    """Whether this many segments may leave this instant, as a TwiML answer. What is granted is taken."""
    pace = _answering()
    return not pace.resting and pace.reserve(channel, Lane.REPLY, [segments], ahead=0.0).granted == 1


def take_soon(answers: int, channel: Channel = Channel.SMS) -> list[float]:
    """When (`time.monotonic`) each of so many TwiML answers may leave: as many as get their slots. Those are taken."""
    pace = _answering()
    if pace.resting:
        return []
    asked = time.monotonic()
    slots = pace.reserve(channel, Lane.REPLY, [1] * answers, ahead=SOON_SECONDS)
    return [asked + slots.first_seconds + at * slots.slot_seconds for at in range(slots.granted)]


def take_rest(segments: int, channel: Channel = Channel.SMS) -> None:
    """What an answer has beyond the segment it was granted: it leaves with it, so whatever comes next waits for it too."""
    pace = _answering()
    if segments > 0 and not pace.resting:
        pace.reserve(channel, Lane.REPLY, [segments], kept=True, ahead=MOST_SEGMENTS / rate(channel))


class _Answering(Pace):
    """The web process: it has no share of its own, so without Redis its answers go by their lane."""

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._alone_until

    def _share(self, channel: Channel, costs: list[int], ahead: float) -> Slots:
        return Slots(0, 0.0, 0.0, REDIS_REST_SECONDS)


@lru_cache(maxsize=1)
def _answering() -> _Answering:
    return _Answering("")
