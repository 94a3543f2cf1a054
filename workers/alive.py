"""How does a process say that it lives, and does its work? In a thread of its own, every few seconds, in the database."""

import threading
from collections.abc import Callable, Mapping

import structlog

from bot.health import pulse
from bot.store.engine import DOES_NOT_ANSWER

log = structlog.get_logger(__name__)


class Alive(threading.Thread):
    """Asks `doing` what is alive here (names, and how often each means to say so); what has stopped working is not among them."""

    def __init__(self, doing: Callable[[], Mapping[str, float]], stopping: threading.Event) -> None:
        super().__init__(name="alive", daemon=True)
        self._doing, self._stopping = doing, stopping

    def run(self) -> None:
        while True:
            self.say()
            if self._stopping.wait(pulse.EVERY_SECONDS):
                return

    def say(self) -> None:
        """A database that is away is no reason to stop: whoever reads this is told of it first."""
        try:
            pulse.beat(self._doing())
        except DOES_NOT_ANSWER as gone:
            log.warning("pulse_unheard", error_type=type(gone).__name__)
