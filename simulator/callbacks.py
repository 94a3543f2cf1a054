"""How does the hotline learn what became of a message? Signed status callbacks, in no promised order."""

import asyncio
import random
import time
from collections import deque
from typing import NamedTuple

from simulator.config import Config
from simulator.faults import Faults
from simulator.messages import Message, error_text
from simulator.timeline import Timeline
from simulator.webhook import Webhook

MOST_WAITING = 400_000


class Callback(NamedTuple):
    message: Message
    status: str
    code: int | None
    moment: float
    token: str


class Callbacks:
    """A queue and a fixed number of callers; order may be lost between them, as at Twilio."""

    def __init__(
        self, config: Config, webhook: Webhook, faults: Faults, timeline: Timeline, rng: random.Random
    ) -> None:
        self._config = config
        self._webhook = webhook
        self._faults = faults
        self._timeline = timeline
        self._rng = rng
        self._waiting: deque[Callback] = deque(maxlen=MOST_WAITING)
        self._ready = asyncio.Event()
        self._callers: list[asyncio.Task[None]] = []
        self.calling = 0
        self._late = 0
        self.sent = self.lost = self.dropped = 0

    def start(self) -> None:
        self._callers = [asyncio.create_task(self._call()) for _ in range(self._config.callbacks_in_flight)]

    async def stop(self) -> None:
        for caller in self._callers:
            caller.cancel()
        await asyncio.gather(*self._callers, return_exceptions=True)

    def clear(self) -> None:
        self._waiting.clear()
        self._late = 0
        self.sent = self.lost = self.dropped = 0

    def post(self, message: Message, status: str, code: int | None) -> None:
        faults = self._faults
        callback = Callback(message, status, code, time.time(), f"{self._rng.getrandbits(128):032x}")
        if faults.rules:
            if faults.strike("receipt_dropped", phone=message.phone):
                self.dropped += 1
                return
            late = faults.strike("receipt_late", phone=message.phone)
            if faults.strike("receipt_repeated", phone=message.phone):
                self._push(callback)
            if late and late.seconds:
                self._late += 1
                self._timeline.after(self._rng.random() * late.seconds, self._push_late, callback)
                return
        self._push(callback)

    def _push_late(self, callback: Callback) -> None:
        self._late -= 1
        self._push(callback)

    def _push(self, callback: Callback) -> None:
        self._waiting.append(callback)
        self._ready.set()

    async def _call(self) -> None:
        while True:
            while not self._waiting:
                self._ready.clear()
                await self._ready.wait()
            callback = self._waiting.popleft()
            message = callback.message
            self.calling += 1
            try:
                answer = await self._webhook.post(
                    message.callback, self._params(callback), callback.token, "receipt", message.phone
                )
            finally:
                self.calling -= 1
            if answer.error:
                self.lost += 1
            else:
                self.sent += 1

    def _params(self, callback: Callback) -> dict[str, str]:
        message, status, code, moment, _ = callback
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": self._config.account_sid,
            "From": message.from_,
            "To": message.to,
            "ApiVersion": "2010-04-01",
        }
        if message.service:
            params["MessagingServiceSid"] = message.service
        if code:
            params["ErrorCode"] = str(code)
        if message.channel == "whatsapp":
            params["ChannelPrefix"] = "whatsapp"
            params["ChannelInstallSid"] = "XE" + "0" * 31 + "1"
            if status == "read":
                params["EventType"] = "READ"
            if code:
                params["ChannelStatusMessage"] = error_text(code) or ""
        elif status in ("delivered", "undelivered"):
            params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(moment))
        return params

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self.calling or self._late)

    def view(self) -> dict[str, int]:
        waiting = len(self._waiting)
        return {
            "waiting": waiting, "calling": self.calling, "sent": self.sent, "lost": self.lost, "dropped": self.dropped,
        }  # fmt: skip
