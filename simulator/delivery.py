"""What becomes of a message after it was accepted?

accepted (Messaging Service) -> queued -> sending -> sent -> delivered or undelivered; failed on the way.
"""

import time
from typing import TYPE_CHECKING

from simulator.messages import FINAL, Message

if TYPE_CHECKING:
    from simulator.exchange import Exchange

# Codes that end a message before it leaves Twilio (status failed); all others come back from the carrier (undelivered).
FAILED_CODES = frozenset({14107, 21610, 21611, 30001, 30002, 30036, 30500})


def ends_as(code: int) -> str:
    return "failed" if code in FAILED_CODES or code >= 60000 else "undelivered"


class Delivery:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._timeline = exchange.timeline
        self.under_way = 0
        """Messages whose end is still open (scheduled ones not counted)."""

    def clear(self) -> None:
        self.under_way = 0

    def start(self, message: Message) -> None:
        """Take an accepted message on its way. The initial status is never called back."""
        fault = self._exchange.faults.strike("fail", phone=message.phone)
        if fault and fault.code:
            message.fault = (str(fault.status or ends_as(fault.code)), fault.code)
        if message.status == "scheduled":
            self._timeline.at(message.send_at or message.created, self._release, message)
            return
        self.under_way += 1
        if message.status == "accepted":
            self._timeline.after(self._exchange.live.accept_seconds, self._queue, message)
        elif message.sender:
            message.sender.push(message)

    def _release(self, message: Message) -> None:
        if message.status == "scheduled":
            self.under_way += 1
            self._queue(message)

    def _queue(self, message: Message) -> None:
        """The service gives it a sender."""
        if message.status in FINAL:
            return
        exchange = self._exchange
        sender = message.sender or exchange.pool.choose(message.channel, message.phone)
        if sender is None:
            self.advance(message, "failed", 21703)
            return
        message.sender = sender
        message.from_ = sender.address
        if message.channel == "sms" and exchange.is_blocked(sender, message.phone):
            self.advance(message, "failed", 21610)
            return
        if not sender.has_room(message.segments):
            self.advance(message, "failed", 30001)
            return
        self.advance(message, "queued")
        sender.push(message)

    def depart(self, message: Message) -> None:
        """Its turn has come at the sender's pace."""
        exchange = self._exchange
        if message.channel == "whatsapp" and message.free_form and not exchange.in_window(message):
            message.fault = ("failed", 63016)
        self.advance(message, "sending")
        if exchange.collector.has_to(message):
            exchange.collector.collect(message, self._is_on_its_way)
        else:
            self._is_on_its_way(message)

    def _is_on_its_way(self, message: Message) -> None:
        self._timeline.after(self._exchange.live.send_seconds, self._leave, message)

    def _leave(self, message: Message) -> None:
        if message.fault and message.fault[0] == "failed":
            self.advance(message, "failed", message.fault[1])
            return
        message.sent = time.time()
        self._exchange.ledger.depart(message)
        self.advance(message, "sent")
        wait = self._exchange.live.deliver_seconds * (0.67 + 0.66 * self._exchange.rng.random())
        self._timeline.after(wait, self._arrive, message)

    def _arrive(self, message: Message) -> None:
        if message.fault:
            self.advance(message, "undelivered", message.fault[1])
            return
        message.arrived = time.time()
        self._exchange.ledger.arrive(message)
        self.advance(message, "delivered")

    def read(self, message: Message) -> None:
        """WhatsApp only, and only after it was delivered."""
        self.under_way += 1  # its one callback more; `advance` takes it back
        self.advance(message, "read")

    def expire(self, message: Message) -> None:
        if message.status == "queued":
            self.advance(message, "failed", 30036)

    def advance(self, message: Message, status: str, code: int | None = None) -> None:
        if status in FINAL:
            self._exchange.ledger.depart(message)
            self.under_way -= message.status != "scheduled"
        message.status = status
        message.error_code = code
        message.updated = time.time()
        self._exchange.ledger.touch(message)
        if message.callback:
            self._exchange.callbacks.post(message, status, code)
