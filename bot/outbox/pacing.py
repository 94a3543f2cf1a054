"""May the next segment leave now? One clock per sender in Redis spaces them evenly, exact over processes and hosts.

GCRA: each segment takes one slot of 1/rate seconds; a caller reserves the slots of the next few milliseconds at once
(facts/performance.md F: worst second = limit + 1). Whoever is refused because something more urgent asked within the last three
slots gives back what it holds, so that lanes hold between processes too. Redis gone: each worker goes on with its last share.
"""

import time
from dataclasses import dataclass
from functools import lru_cache

import structlog

from bot.contacts.models import Channel
from bot.outbox.link import GONE, key, link
from bot.outbox.models import Lane
from bot.settings import settings

AHEAD_SECONDS = 0.02
"""How far ahead slots are reserved: what a worker that dies takes with it."""
MARK_SLOTS = 3
SHORTEST_MARK_SECONDS = 0.1
ALIVE_SECONDS = 15.0
"""A worker not heard of for this long has no share. Idle ones are counted: they may have to send just when Redis is gone."""
ASSUMED_WORKERS = 4
"""A worker that never saw Redis cannot know how many there are; slower is safe, the carrier's limit is not."""
REDIS_REST_SECONDS = 1.0
WHATSAPP_SEGMENTS_PER_SECOND = 80.0
"""Meta's limit of one WhatsApp sender, texts in and out (facts/twilio.md section 4)."""

_LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, lane, kept, ahead, mark_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), ARGV[5]
if ARGV[6] ~= '' then redis.call('ZADD', KEYS[2], now, ARGV[6]) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[7]))
redis.call('PEXPIRE', KEYS[2], 60000)
local workers = redis.call('ZCARD', KEYS[2])
if kept == '0' then
  for higher = 0, lane - 1 do
    if redis.call('EXISTS', KEYS[3] .. higher) == 1 then return {0, 0, interval, workers, 1} end
  end
  redis.call('SET', KEYS[3] .. lane, 1, 'PX', mark_ms)
end
local next = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local first, granted = next, 0
for cost = 8, #ARGV do
  if next > now + ahead then break end
  next = next + interval * tonumber(ARGV[cost])
  granted = granted + 1
end
if granted == 0 then return {0, 0, next - now - ahead, workers, 0} end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', 60000)
return {granted, first - now, next - now - ahead, workers, 0}
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Slots:
    """What was reserved: that many messages, the first after `first_seconds`, each other a slot per segment of the one before."""

    granted: int
    first_seconds: float
    slot_seconds: float
    ask_again_seconds: float
    outranked: bool = False
    """Something more urgent wants the slots: give back what you hold and look again."""


def rate(channel: Channel) -> float:
    """Segments a second that the sender of this channel may send."""
    return WHATSAPP_SEGMENTS_PER_SECOND if channel is Channel.WHATSAPP else settings().sender_segments_per_second


class Pace:
    """One worker's view of the pace. `name` tells it from the others; whoever only answers has none, and no share."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._workers = ASSUMED_WORKERS
        self._without_until = 0.0
        self._alone_next: dict[Channel, float] = {}
        self._script = link().register_script(_LUA)

    @property
    def workers(self) -> int:
        """How many live, this one included."""
        return self._workers

    def reserve(
        self, channel: Channel, lane: int, costs: list[int], *, kept: bool = False, ahead: float = AHEAD_SECONDS
    ) -> Slots:
        """Slots for messages of these many segments. `kept`: out of the replies' own share, which no lane outranks."""
        if time.monotonic() >= self._without_until:
            try:
                return self._ask(channel, lane, costs, kept, ahead)
            except GONE as gone:
                self._without_until = time.monotonic() + REDIS_REST_SECONDS
                log.warning("pace_without_redis", error_type=type(gone).__name__, workers=self._workers)
        return self._alone(channel, costs, ahead)

    def _ask(self, channel: Channel, lane: int, costs: list[int], kept: bool, ahead: float) -> Slots:
        interval = 1_000_000 / rate(channel)
        mark_ms = int(max(MARK_SLOTS * interval / 1000, SHORTEST_MARK_SECONDS * 1000))
        granted, first, again, workers, outranked = self._script(
            keys=[key(f"pace:{channel}"), key("senders"), key(f"wanted:{channel}:")],
            args=[
                f"{interval:.3f}", int(lane), int(kept), int(ahead * 1_000_000), mark_ms,
                self._name, int(ALIVE_SECONDS * 1_000_000), *costs,
            ],
            client=link(),
        )  # fmt: skip
        self._workers = max(1, int(workers))
        return Slots(int(granted), int(first) / 1e6, interval / 1e6, max(0.0, int(again) / 1e6), bool(outranked))

    def _alone(self, channel: Channel, costs: list[int], ahead: float) -> Slots:
        """Our share of the rate, by our own clock."""
        now = time.monotonic()
        interval = self._workers / rate(channel)
        first = at = max(self._alone_next.get(channel, 0.0), now)
        granted = 0
        while granted < len(costs) and at <= now + ahead:
            at += interval * costs[granted]
            granted += 1
        if granted:
            self._alone_next[channel] = at
        return Slots(granted, first - now, interval, max(0.0, at - now - ahead))


def take_now(segments: int, channel: Channel = Channel.SMS) -> bool:
    """Whether this many segments may leave this instant, as a TwiML answer. What is granted is taken."""
    pace = _answering()
    return not pace.resting and pace.reserve(channel, Lane.REPLY, [segments], ahead=0.0).granted == 1


class _Answering(Pace):
    """The web process: it has no share of its own, so without Redis its answers go by their lane."""

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._without_until

    def _alone(self, channel: Channel, costs: list[int], ahead: float) -> Slots:
        return Slots(0, 0.0, 0.0, REDIS_REST_SECONDS)


@lru_cache(maxsize=1)
def _answering() -> _Answering:
    return _Answering("")
