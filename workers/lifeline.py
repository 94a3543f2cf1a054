"""What if nobody wakes us? Then this thread looks itself: slowly while Redis is there, often while it is not.

And at once where a turn ended with work left: the job that was to go on with it may have gone to another worker, while copies lie
claimed in our hands and requests in flight count as ours.
"""

import threading
import time

import structlog

from bot.outbox import queue_health, wake
from bot.outbox.link import GONE
from bot.settings import settings
from workers.turns import Turns

LOOK_SECONDS, GO_ON_SECONDS = 0.5, 0.1

log = structlog.get_logger(__name__)


class Lifeline(threading.Thread):
    """Sends from the database alone while Redis is away, and looks after work whose wake-up was lost."""

    def __init__(self, turns: Turns) -> None:
        super().__init__(name="lifeline", daemon=True)
        self._turns = turns
        self._look_at = 0.0

    def run(self) -> None:
        while not self._turns.stopping.wait(GO_ON_SECONDS):
            if self._is_needed():
                self._take()

    def _is_needed(self) -> bool:
        moment = time.monotonic()
        idle = moment - self._turns.last_ended
        if self._turns.has_more or moment < self._look_at:
            return self._turns.has_more and idle > GO_ON_SECONDS
        self._look_at = moment + LOOK_SECONDS
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
