"""Which number sends, how fast, and what waits?"""

import time
import zlib
from collections import deque
from collections.abc import Callable, Sequence

from simulator.messages import FINAL, Message
from simulator.timeline import Timeline

LATE = 0.05  # seconds of pace a sender may catch up on after an idle or slow moment

Depart = Callable[[Message], None]


class Sender:
    """One number with its rate and its own queue, first in, first out."""

    def __init__(self, number: str, channel: str, rate: float, hours: float, timeline: Timeline) -> None:
        self.number = number
        self.address = f"whatsapp:{number}" if channel == "whatsapp" else number
        self.channel = channel
        self.rate = rate
        self.hours = hours
        self.depart: Depart = lambda message: None
        self.expire: Depart = lambda message: None
        self._timeline = timeline
        self.clear()

    def clear(self) -> None:
        self.queue: deque[Message] = deque()
        self.waiting_segments = 0
        self.sent_segments = 0
        self._free_at = 0.0
        self._pumping = False
        self._round = getattr(self, "_round", 0) + 1

    def has_room(self, segments: int) -> bool:
        """Twilio keeps ten hours of a sender's pace; more is refused (21611) or fails (30001)."""
        return self.waiting_segments + segments <= self.rate * self.hours * 3600

    def push(self, message: Message) -> None:
        now = time.time()
        self.queue.append(message)
        self.waiting_segments += message.segments
        if now + self.waiting_segments / self.rate > message.deadline:
            self._timeline.at(message.deadline, self.expire, message)
        if not self._pumping:
            self._pumping = True
            self._timeline.at(max(now, self._free_at), self._pump, self._round)

    def _pump(self, round_: int) -> None:
        if round_ != self._round:
            return
        now = time.time()
        queue = self.queue
        while queue and self._free_at <= now:
            message = queue.popleft()
            self.waiting_segments -= message.segments
            if message.status in FINAL:
                continue
            if now > message.deadline:
                self.expire(message)
                continue
            self._free_at = max(self._free_at, now - LATE) + message.segments / self.rate
            self.sent_segments += message.segments
            self.depart(message)
        self._pumping = bool(queue)
        if queue:
            self._timeline.at(self._free_at, self._pump, round_)

    def view(self) -> dict[str, object]:
        return {
            "number": self.number,
            "channel": self.channel,
            "segments_per_second": self.rate,
            "waiting": len(self.queue),
            "waiting_segments": self.waiting_segments,
            "sent_segments": self.sent_segments,
        }


class Pool:
    """The senders of a Messaging Service, or of the account."""

    def __init__(self, senders: Sequence[Sender]) -> None:
        self.senders = list(senders)
        self._by_address = {sender.address: sender for sender in senders}
        self._by_channel = {c: [s for s in senders if s.channel == c] for c in ("sms", "whatsapp")}

    def find(self, address: str) -> Sender | None:
        return self._by_address.get(address)

    def serves(self, channel: str) -> bool:
        return bool(self._by_channel[channel])

    def choose(self, channel: str, phone: str) -> Sender | None:
        """Sticky: a person hears from the same number each time."""
        able = self._by_channel[channel]
        return able[zlib.crc32(phone.encode()) % len(able)] if able else None

    def first(self, channel: str) -> Sender | None:
        able = self._by_channel[channel]
        return able[0] if able else None
