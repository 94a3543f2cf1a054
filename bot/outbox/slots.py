"""Which slots of a sender's pace are still free? One clock per sender in Redis spaces them evenly, for all workers and hosts.

GCRA: each segment takes one slot of 1/rate seconds; a caller reserves the slots of the next few milliseconds at once
(`benchmarks/pacing.py`). Whoever did not get all it asked for leaves a mark for three slots: the
less urgent give back what they hold, so that lanes hold between processes too. The only clock is Redis's own.
"""

from dataclasses import dataclass

from bot.contacts.models import Channel
from bot.outbox.link import key
from bot.outbox.script import Script

AHEAD_SECONDS = 0.02
"""How far ahead slots are reserved: what a worker that dies takes with it."""
MARK_SLOTS = 3
HELD_UP_SECONDS = 0.25
"""So long a mark lasts at least: whoever wants slots may be held up by its database before it asks again."""
OUTRANKED_SECONDS = 0.1
"""Whoever was outranked looks again after this."""
MOST_SEGMENTS = 32
"""No text is longer: the carrier's 1,600 characters are 24 segments."""
ALIVE_SECONDS = 15.0
"""A worker not heard of for this long has no share. Idle ones are counted: they may have to send just when Redis is gone."""

_LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, lane, kept, ahead, mark = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local name, alive, own, back = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local furthest, rest, wanted, costs = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]
if name ~= '' then redis.call('ZADD', KEYS[2], now, name) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - alive)
redis.call('PEXPIRE', KEYS[2], 60000)
local workers = redis.call('ZCARD', KEYS[2])
if back ~= '0' then redis.call('SET', KEYS[4], 1, 'PX', back, 'NX') end
local settling = redis.call('PTTL', KEYS[4])
if settling > 0 then return {0, 0, 0, workers, 0, settling} end
local marks = kept == '0' and redis.call('HGETALL', KEYS[3]) or {}
local above = lane
for i = 1, #marks, 2 do
  local higher, ends = string.match(marks[i + 1], '(%S+) (%S+)')
  local lasts = tonumber(ends) - now
  if lasts <= 0 or lasts > mark then
    redis.call('HDEL', KEYS[3], marks[i])
  elseif marks[i] ~= name then
    above = math.min(above, tonumber(higher))
  end
end
if above < lane then return {0, 0, rest, workers, above + 1, 0} end
local next = tonumber(redis.call('GET', KEYS[1]) or '-1')
-- Forgotten (a flushed Redis), or beyond what anybody reserves (a clock set back, another rate): what others
-- reserved a moment ago may lie as far ahead as that.
local forgotten = next < 0 or next > now + ahead + furthest
if forgotten then next = now + ahead end
next = math.max(next, now + own)
local first, granted = next, 0
for cost in string.gmatch(costs, '%d+') do
  if next > now + ahead then break end
  next = next + interval * tonumber(cost)
  granted = granted + 1
end
-- Who waits until half of what may be reserved is free gets several slots for one question, and none of them later.
if granted < wanted and first > now + ahead / 2 and not forgotten then granted, next = 0, first end
if kept == '0' and name ~= '' then
  if granted < wanted then redis.call('HSET', KEYS[3], name, string.format('%d %.0f', lane, now + mark))
  else redis.call('HDEL', KEYS[3], name) end
  redis.call('PEXPIRE', KEYS[3], 60000)
end
if granted > 0 then redis.call('SET', KEYS[1], string.format('%.0f', next)) end
return {granted, first - now, next - now - ahead / 2, workers, 0, 0}
"""


@dataclass(frozen=True, slots=True)
class Slots:
    """What was reserved: that many messages, the first after `first_seconds`, each other a slot per segment of the one before."""

    granted: int
    first_seconds: float
    slot_seconds: float
    ask_again_seconds: float
    outranked_by: int | None = None
    """This lane wants the slots: give back what you hold of less urgent ones, and look again."""

    @property
    def outranked(self) -> bool:
        return self.outranked_by is not None


class SlotClock:
    """The slots as one worker asks for them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._script = Script(_LUA)
        self._keys: dict[Channel, list[str]] = {}

    def take(
        self,
        channel: Channel,
        rate: float,
        lane: int,
        costs: list[int],
        *,
        kept: bool,
        ahead: float,
        own: float,
        returning: float,
    ) -> tuple[Slots, int, float]:
        """Slots; how many workers live; and for how long everybody still goes by its share.

        `own`: our last slot, of which Redis does not know, is over after this. `returning`: we come back from having been
        alone, and so, within this time, may others.
        """
        interval = 1 / rate
        granted, first, again, workers, outranked, settling_ms = self._script(
            keys=self._keys.get(channel) or self._named(channel),
            args=[
                f"{interval * 1e6:.3f}", int(lane), int(kept), _us(ahead), _us(max(MARK_SLOTS * interval, HELD_UP_SECONDS)),
                self._name, _us(ALIVE_SECONDS), _us(max(0.0, own)), int(returning * 1000), _us(interval * MOST_SEGMENTS),
                _us(OUTRANKED_SECONDS), len(costs), " ".join(map(str, costs)),
            ],
        )  # fmt: skip
        outranked_by = int(outranked) - 1 if outranked else None
        slots = Slots(int(granted), int(first) / 1e6, interval, max(0.0, int(again) / 1e6), outranked_by)
        return slots, max(1, int(workers)), int(settling_ms) / 1000

    def _named(self, channel: Channel) -> list[str]:
        self._keys[channel] = [
            key(f"pace:{channel}"), key("senders"), key(f"wanted:{channel}"), key("pace:returning"),
        ]  # fmt: skip
        return self._keys[channel]


def _us(seconds: float) -> int:
    return int(seconds * 1_000_000)
