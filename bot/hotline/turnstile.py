"""Which text is next? A process takes a few at a time, in the order they came; STOP and cries for help go to the front.

Python runs one thread at a time anyway. Texts taken side by side only keep each other waiting, and longest of all whoever holds
SQLite's one lock: at 50 texts a second the slowest in a hundred took 856 ms with eight side by side.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WAIT_SECONDS = 12.0
"""Twilio hangs up after 15; until then an honest 503 is of more use to it than silence."""


class NoTurn(RuntimeError):
    """Too many are waiting, or those ahead do not get on."""


class Turnstile:
    """Lets `abreast` in at once."""

    def __init__(self, abreast: int = 1) -> None:
        self._guard = threading.Lock()
        self._room = abreast
        self._waiting: list[tuple[bool, int, threading.Lock]] = []
        self._arrivals = itertools.count()

    @contextmanager
    def turn(self, urgent: Callable[[], bool], wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Inside it is our turn. `urgent` is asked only of those who have to wait. Raises `NoTurn`."""
        if not self._goes_in():
            self._wait(urgent(), wait_seconds)
        try:
            yield
        finally:
            self._leave()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _goes_in(self) -> bool:
        with self._guard:
            goes = self._room > 0
            self._room -= goes
            return goes

    def _wait(self, urgent: bool, seconds: float) -> None:
        called = threading.Lock()
        called.acquire()
        place = (not urgent, next(self._arrivals), called)
        with self._guard:
            if self._room > 0:
                self._room -= 1
                return
            heapq.heappush(self._waiting, place)
        if called.acquire(timeout=seconds):
            return
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)
                heapq.heapify(self._waiting)
                raise NoTurn
        # Called in the very moment in which we had waited enough: it is our turn after all.

    def _leave(self) -> None:
        with self._guard:
            if self._waiting:
                heapq.heappop(self._waiting)[-1].release()
            else:
                self._room += 1
