"""How is what the account may have in flight divided among the workers of all hosts? In Redis, in one call.

Kept there: who has and needs how many, in which lane, until when; what the account allows now; and how much of it others use.
"""

from dataclasses import dataclass

from bot.outbox.link import key
from bot.outbox.models import Lane
from bot.outbox.script import Script
from bot.outbox.slots import ALIVE_SECONDS

LEASE_SECONDS = 2.0
"""What a worker that dies keeps from the others; by then the carrier has answered what it had in flight."""
MANY = 50
"""With so many in flight one comes home at any moment, and none is kept free for what is urgent."""
LEAST = 2
"""The allowance never falls below this: somebody has to find out that the storm is over."""

_LUA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local name, mine, flying, need = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local lane, peak, well, refused = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'
local heard, trip, most, least = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local lease, notice, alive, many = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15]), tonumber(ARGV[16])

redis.call('ZADD', KEYS[4], now, name)
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - alive)

-- What the others have and need.
local held, higher, lower, ours, known, peers = 0, 0, 0, 0, false, {}
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  local h, n, l, p, ends = string.match(rows[i + 1], '(%S+) (%S+) (%S+) (%S+) (%S+)')
  h, n, l, p = tonumber(h), tonumber(n), tonumber(l), tonumber(p)
  if math.abs(tonumber(ends) - now) > lease or tonumber(ends) < now then  -- over, or the clock was set back
    redis.call('HDEL', KEYS[1], rows[i])
  elseif rows[i] == name then
    known, peak = true, math.max(peak, p * 0.9)
  else
    held, ours = held + h, ours + p
    if n > 0 and l < lane then higher = higher + n
    elseif n > 0 and l > lane then lower = lower + 1
    elseif n > 0 then peers[#peers + 1] = n end
  end
end
ours = ours + peak

-- The allowance.
local steer = redis.call('HMGET', KEYS[2], 'limit', 'cut_at', 'others')
local limit, cut_at, others = tonumber(steer[1] or most), tonumber(steer[2] or 0), tonumber(steer[3] or 0)
if heard >= 0 then others = others + (math.max(0, heard - ours) - others) / 4 end
limit = math.min(most, limit + math.max(1, most / 20) * well / limit)
local allowed = math.max(least, math.min(limit, most - others))
if refused and math.abs(now - cut_at) > trip then
  allowed = math.max(least, math.min(allowed, math.max(ours, 1)) / 2)
  limit, cut_at = allowed, now
end
redis.call('HSET', KEYS[2], 'limit', limit, 'cut_at', string.format('%.0f', cut_at), 'others', others)
redis.call('PEXPIRE', KEYS[2], 60000)
allowed = math.floor(allowed)

-- What is ours of it: the more urgent first, one for each of the less urgent, equals alike (who needs less leaves more).
local left = allowed - higher - lower
-- Where many fly one comes home at any moment; where few do, one is left for what is urgent.
if lane >= notice and allowed >= 4 and allowed < many and higher == 0 then left = left - 1 end
local count = #peers + 1
table.sort(peers)
for _, one in ipairs(peers) do
  if one >= left / count then break end
  left, count = left - one, count - 1
end
local share = math.min(need, math.max(1, math.ceil(left / count)))
-- Redis lost its memory: until every lease of before has run out, nobody grows.
if mine > 0 and not known then redis.call('SET', KEYS[3], 1, 'PX', math.ceil(lease / 1000)) end
if redis.call('EXISTS', KEYS[3]) == 1 then share = math.min(share, math.max(mine, 1)) end
local granted = math.max(flying, math.min(share, allowed - held))
if granted > 0 or need > 0 then
  local row = string.format('%d %d %d %.2f %.0f', granted, need, lane, peak, now + lease)
  redis.call('HSET', KEYS[1], name, row)
  redis.call('PEXPIRE', KEYS[1], 60000)
else
  redis.call('HDEL', KEYS[1], name)
end
return {granted, allowed, redis.call('ZCARD', KEYS[4])}
"""


def least(most: int) -> int:
    """What is allowed through any storm."""
    return min(most, LEAST)


@dataclass(frozen=True, slots=True)
class Lease:
    """What this worker may have in flight until it asks again, of what all may have, among how many that live."""

    granted: int
    allowed: int
    workers: int


class Allowance:
    """The account's allowance, asked for by one worker."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._script = Script(_LUA)

    def ask(
        self,
        mine: int,
        flying: int,
        need: int,
        lane: int,
        *,
        peak: int,
        well: int,
        refused: bool,
        heard: int,
        trip_seconds: float,
    ) -> Lease:
        """`mine`: still leased to us; `peak`, `well`, `refused`, `heard` (-1: nothing): what we saw since we last asked."""
        granted, allowed, workers = self._script(
            keys=[key("flights"), key("flights:allowed"), key("flights:forgot"), key("senders")],
            args=[
                self._name, mine, flying, need, int(lane), peak, well, int(refused), heard, int(trip_seconds * 1e6),
                self._most, least(self._most), int(LEASE_SECONDS * 1e6), int(Lane.NOTICE), int(ALIVE_SECONDS * 1e6),
                MANY,
            ],
        )  # fmt: skip
        return Lease(int(granted), int(allowed), max(1, int(workers)))
