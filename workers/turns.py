"""Who sends in this process right now? One sender with its connections, and one thread at a time."""

import os
import socket
import threading
import time

from bot.channels.twilio import Twilio
from bot.outbox import wake
from bot.outbox.sending import LANES, Sender
from bot.settings import settings

SECONDS = 5.0
"""After this a job queues itself again, so that the queue sees that the worker lives."""


class Turns:
    """The sending of one process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stopping = threading.Event()
        self.last_ended = time.monotonic()
        self.has_more = False
        """The last turn ended with work left, perhaps in our own hands."""
        self._one_at_a_time = threading.Lock()
        self._sender = Sender(f"{socket.gethostname()}:{os.getpid()}", LANES[name], Twilio())

    @property
    def is_well(self) -> bool:
        """It is in a turn that can still end in time, or had one lately: the lifeline sees to that (`workers.lifeline`)."""
        return time.monotonic() - self.last_ended < settings().silent_seconds

    def take(self, seconds: float = SECONDS) -> bool:
        """Send for a while; True if there is more to do."""
        with self._one_at_a_time:
            if self.stopping.is_set():
                return False
            self.last_ended = time.monotonic() + seconds
            self.has_more = self._sender.work(seconds, self.stopping.is_set, self._call)
            self.last_ended = time.monotonic()
            return self.has_more

    def _call(self) -> None:
        """Another worker, which will call the next: all are up within moments, and whoever ends a turn finds a job waiting."""
        wake.enqueue(self.name, wake.SEND)

    def leave_off(self) -> None:
        """The process ends: whatever is in hand is recorded or given back."""
        self.stopping.set()
        with self._one_at_a_time:
            self._sender.work(0, self.stopping.is_set)


_mine: list[Turns] = []


def begin(name: str) -> Turns:
    """This process's turns, from now on."""
    _mine[:] = [Turns(name)]
    return _mine[0]


def mine() -> Turns:
    """This process's turns. A job that runs anywhere but in `python -m workers` is a mistake."""
    return _mine[0]
