"""What if nobody wakes us? Then this thread looks itself: slowly while Redis is there, often while it is not."""

import threading
import time

import structlog

from bot.outbox import queue_health, wake
from bot.outbox.link import GONE
from bot.settings import settings
from workers.turns import Turns

LOOK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class Lifeline(threading.Thread):
    """Sends from the database alone while Redis is away, and looks after work whose wake-up was lost."""

    def __init__(self, turns: Turns) -> None:
        super().__init__(name="lifeline", daemon=True)
        self._turns = turns

    def run(self) -> None:
        while not self._turns.stopping.wait(LOOK_SECONDS):
            if self._is_needed():
                self._take()

    def _is_needed(self) -> bool:
        idle = time.monotonic() - self._turns.last_ended
        return idle > settings().sweep_seconds or not self._redis_answers()

    def _redis_answers(self) -> bool:
        try:
            return queue_health.answers()
        except GONE:
            return False

    def _take(self) -> None:
        """Until nothing is left, or Redis wakes us again: copies in our hands must not wait for the next look."""
        try:
            while self._turns.take():
                if self._redis_answers():
                    wake.enqueue(self._turns.name, wake.SEND)
                    return
        except Exception:
            log.exception("lifeline_failed")
