"""May the next segment leave now? One clock per sender in Redis spaces them evenly, exact over processes and hosts.

GCRA: each segment takes one slot of 1/rate seconds; a caller reserves the slots of the next few milliseconds at once
(facts/performance.md F: worst second = limit + 1). Whoever did not get all it asked for leaves a mark for three slots: the
less urgent give back what they hold, so that lanes hold between processes too. Redis gone: each worker goes on with its last
share of the rate.
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
HELD_UP_SECONDS = 0.25
"""So long a mark lasts at least: whoever wants slots may be held up by its database before it asks again."""
MOST_SEGMENTS = 32
"""No text is longer: the carrier's 1,600 characters are 24 segments."""
SHORTEST_MARK_SECONDS = 0.1
"""Whoever was outranked looks again after this."""
ALIVE_SECONDS = 15.0
"""A worker not heard of for this long has no share. Idle ones are counted: they may have to send just when Redis is gone."""
ASSUMED_WORKERS = 4
"""A worker that never saw Redis cannot know how many there are; slower is safe, the carrier's limit is not."""
REDIS_REST_SECONDS = 1.0
"""Once gone, Redis is asked again after this ..."""
RETURN_SECONDS = 1.5
"""... so that all have noticed by then that it is back. Until then each goes by its share, or two rates would add up."""
WHATSAPP_SEGMENTS_PER_SECOND = 80.0
"""Meta's limit of one WhatsApp sender, texts in and out (facts/twilio.md section 4)."""

_LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, lane, kept, ahead, mark = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local name, own, back, rest = ARGV[6], tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[11])
if name ~= '' then redis.call('ZADD', KEYS[2], now, name) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[7]))
redis.call('PEXPIRE', KEYS[2], 60000)
local workers = redis.call('ZCARD', KEYS[2])
if back ~= '0' then redis.call('SET', KEYS[4], 1, 'PX', back, 'NX') end
local returning = redis.call('PTTL', KEYS[4])
if returning > 0 then return {0, 0, 0, workers, 0, returning} end
local marks = kept == '0' and redis.call('HGETALL', KEYS[3]) or {}
for i = 1, #marks, 2 do
  local higher, ends = string.match(marks[i + 1], '(%S+) (%S+)')
  local lasts = tonumber(ends) - now
  if lasts <= 0 or lasts > mark then
    redis.call('HDEL', KEYS[3], marks[i])
  elseif marks[i] ~= name and tonumber(higher) < lane then
    return {0, 0, math.min(lasts, rest), workers, 1, 0}
  end
end
local next = tonumber(redis.call('GET', KEYS[1]) or '-1')
-- Forgotten (a flushed Redis), or beyond what anybody reserves (a clock set back, another rate): what others
-- reserved a moment ago may lie as far ahead as that.
if next < 0 or next > now + ahead + tonumber(ARGV[10]) then next = now + ahead end
next = math.max(next, now + own)
local first, granted = next, 0
for cost = 12, #ARGV do
  if next > now + ahead then break end
  next = next + interval * tonumber(ARGV[cost])
  granted = granted + 1
end
if kept == '0' and name ~= '' then
  if granted < #ARGV - 11 then redis.call('HSET', KEYS[3], name, string.format('%d %.0f', lane, now + mark))
  else redis.call('HDEL', KEYS[3], name) end
  redis.call('PEXPIRE', KEYS[3], 60000)
end
if granted == 0 then return {0, 0, next - now - ahead, workers, 0, 0} end
redis.call('SET', KEYS[1], string.format('%.0f', next))
return {granted, first - now, next - now - ahead, workers, 0, 0}
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
        self._alone = False
        self._alone_until = 0.0
        self._free_at: dict[Channel, float] = {}
        """When the last slot we reserved is over."""
        self._of_our_own: set[Channel] = set()
        """Where Redis does not know of that slot."""
        self._script = link().register_script(_LUA)

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

    def _ask(self, channel: Channel, lane: int, costs: list[int], kept: bool, ahead: float) -> Slots | None:
        """`None` while all who went on alone come back: somebody may not have noticed yet, and goes by its share."""
        interval = 1_000_000 / rate(channel)
        mark = max(MARK_SLOTS * interval, HELD_UP_SECONDS * 1_000_000)
        own = max(0.0, self._free_at.get(channel, 0.0) - time.monotonic()) if channel in self._of_our_own else 0.0
        back_ms = int(RETURN_SECONDS * 1000) if self._alone and self._name else 0
        granted, first, again, workers, outranked, returning_ms = self._script(
            keys=[key(f"pace:{channel}"), key("senders"), key(f"wanted:{channel}"), key("pace:returning")],
            args=[
                f"{interval:.3f}", int(lane), int(kept), int(ahead * 1_000_000), int(mark),
                self._name, int(ALIVE_SECONDS * 1_000_000), int(own * 1_000_000), back_ms, int(interval * MOST_SEGMENTS),
                int(SHORTEST_MARK_SECONDS * 1_000_000), *costs,
            ],
            client=link(),
        )  # fmt: skip
        self._workers = max(1, int(workers))
        if returning_ms:
            self._alone, self._alone_until = False, time.monotonic() + int(returning_ms) / 1000
            return None
        self._alone = False
        slots = Slots(int(granted), int(first) / 1e6, interval / 1e6, max(0.0, int(again) / 1e6), bool(outranked))
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
