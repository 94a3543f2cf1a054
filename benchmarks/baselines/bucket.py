"""How is a rate usually held over processes? A token bucket of one second in Redis, as every tutorial has it.

`python -m benchmarks.baselines.bucket bulk` is our own worker in all but this: its pace is that bucket. So whatever differs at
the carrier is the pace.
"""

import sys

from bot.contacts.models import Channel
from bot.outbox import pacing, sending
from bot.outbox.link import key, link
from bot.outbox.slots import AHEAD_SECONDS, Slots
from workers.__main__ import main

_LUA = """
local rate = tonumber(ARGV[1])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(rate, (tonumber(kept[1]) or rate) + (now - (tonumber(kept[2]) or now)) * rate)
local granted = 0
for cost = 2, #ARGV do
  if tokens < tonumber(ARGV[cost]) then break end
  tokens = tokens - ARGV[cost]
  granted = granted + 1
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now))
return {granted, tostring(math.max(0, (1 - tokens) / rate))}
"""


class Bucket(pacing.Pace):
    """Tokens come at the rate, at most a second's worth lie ready; whoever has one sends at once."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._bucket = link().register_script(_LUA)

    def reserve(
        self, channel: Channel, lane: int, costs: list[int], *, kept: bool = False, ahead: float = AHEAD_SECONDS
    ) -> Slots:
        args = [pacing.rate(channel), *costs]
        granted, again = self._bucket(keys=[key(f"bucket:{channel}")], args=args, client=link())
        return Slots(int(granted), 0.0, 0.0, float(again))


if __name__ == "__main__":
    vars(sending)["Pace"] = Bucket
    sys.exit(main(sys.argv[1:]))
