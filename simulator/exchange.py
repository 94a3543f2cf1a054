"""What is the whole simulator, tied together?"""

import asyncio
import random
import time
from collections import OrderedDict, deque
from types import SimpleNamespace
from typing import Any

from simulator.auth import Door
from simulator.callbacks import Callbacks
from simulator.collecting import Collector
from simulator.config import LIVE, Config
from simulator.delivery import Delivery
from simulator.faults import Faults
from simulator.inbound import Inbound
from simulator.ledger import Ledger
from simulator.messages import Message, error_text
from simulator.optout import OptOuts
from simulator.phones import Directory
from simulator.senders import Pool, Sender
from simulator.timeline import Timeline
from simulator.webhook import Webhook

WINDOW_SECONDS = 24 * 3600
MOST_WINDOWS = 200_000
MOST_ERRORS = 500


class Exchange:
    """One account, its numbers, everything that was sent, and what shall go wrong."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.live = SimpleNamespace(**{name: getattr(config, name) for name in LIVE})
        self.rng = random.Random(config.seed)
        self.door = Door(config)
        self.timeline = Timeline()
        self.ledger = Ledger(config.keep)
        self.faults = Faults(random.Random(self.rng.getrandbits(64)))
        self.optouts = OptOuts(config.help_autoreply)
        self.directory = Directory(config.phones)
        self.webhook = Webhook(config, self.faults)
        self.callbacks = Callbacks(config, self.webhook, self.faults, self.timeline, self.rng)
        self.collector = Collector(self)
        self.delivery = Delivery(self)
        self.inbound = Inbound(self)
        self.pool = Pool(self._senders())
        self.errors: deque[dict[str, Any]] = deque(maxlen=MOST_ERRORS)
        self.public_url = config.public_url.rstrip("/")
        self.in_flight = self.most_in_flight = 0
        self.requests = 0
        self.answers: dict[int, int] = {}
        self._windows: OrderedDict[tuple[str, str], float] = OrderedDict()

    def _senders(self) -> list[Sender]:
        config, hours = self.config, self.config.queue_hours
        senders = [Sender(n, "sms", config.segments_per_second, hours, self.timeline) for n in config.numbers]
        senders += [Sender(n, "whatsapp", config.whatsapp_per_second, hours, self.timeline) for n in config.whatsapp]
        for sender in senders:
            sender.depart = self.delivery.depart
            sender.expire = self.delivery.expire
        return senders

    def start(self) -> None:
        self.callbacks.start()

    async def stop(self) -> None:
        self.timeline.stop()
        await self.collector.stop()
        await self.callbacks.stop()
        await self.webhook.close()

    def accept(self, message: Message) -> None:
        """Write it down and send it on its way."""
        message.listed = self.listed_at(message)
        self.ledger.add(message)
        self.delivery.start(message)

    def listed_at(self, message: Message) -> float:
        """When the list begins to show it."""
        lag = self.faults.strike("list_lag", phone=message.phone)
        return message.created + (lag.seconds if lag and lag.seconds else float(self.live.list_lag_seconds))

    def scope(self, sender: Sender) -> str:
        """A block holds for the whole Messaging Service, or for the one number."""
        return self.config.messaging_service or sender.number

    def is_blocked(self, sender: Sender, phone: str) -> bool:
        return self.optouts.blocks(self.scope(sender), phone)

    def open_window(self, sender: str, phone: str) -> None:
        """A WhatsApp user wrote: free-form answers are allowed for 24 hours."""
        self._windows[sender, phone] = time.time()
        self._windows.move_to_end((sender, phone))
        if len(self._windows) > MOST_WINDOWS:
            self._windows.popitem(last=False)

    def close_window(self, phone: str) -> None:
        for key in [key for key in self._windows if key[1] == phone]:
            del self._windows[key]

    def in_window(self, message: Message) -> bool:
        opened = self._windows.get((message.from_, message.phone), 0.0)
        return time.time() - opened < WINDOW_SECONDS

    def error(self, code: int, detail: str, sid: str = "") -> dict[str, Any]:
        """What Twilio's debugger would list."""
        row = {"time": time.time(), "code": code, "error": error_text(code), "detail": detail, "sid": sid}
        self.errors.append(row)
        return row

    def reset(self, keep_faults: bool = False) -> None:
        """Forget everything that happened; numbers, rates and live times stay."""
        self.timeline.clear()
        for sender in self.pool.senders:
            sender.clear()
        self.callbacks.clear()
        self.delivery.clear()
        self.ledger.clear()
        self.optouts.clear()
        self.inbound.clear()
        self.errors.clear()
        self.directory.clear()
        self._windows.clear()
        if not keep_faults:
            self.faults.clear()
        self.requests = 0
        self.most_in_flight = self.in_flight
        self.answers.clear()

    async def settle(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more (messages and callbacks), or the time is up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self.is_quiet():
                return True
            await asyncio.sleep(0.01)
        return self.is_quiet()

    def is_quiet(self) -> bool:
        return not (self.delivery.under_way or self.callbacks.busy)
