"""Which texts are next? A process takes a few at a time, in the order they came; STOP and cries for help go to the front.

Python runs one thread at a time anyway: texts that are taken side by side only keep each other waiting, longest of all whoever
holds SQLite's one lock. So whoever is let in takes those along who wait: under load they share what each would do alone.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

WAIT_SECONDS = 12.0
"""Twilio hangs up after 15; until then an honest 503 is of more use to it than silence."""
MOST_TOGETHER = 8
"""As many as keep SQLite's lock for some 20 ms."""

Thing = TypeVar("Thing")
Outcome = TypeVar("Outcome")


class NoTurn(RuntimeError):
    """Too many are waiting, or those ahead do not get on."""


class _Place(Generic[Thing, Outcome]):
    """One who waits: called to lead, or taken along."""

    def __init__(self, thing: Thing) -> None:
        self.thing = thing
        self.called = threading.Lock()
        self.called.acquire()
        self.led: list[_Place[Thing, Outcome]] = []
        """Those to be taken along, where it is called to lead."""
        self.outcome: Outcome | Exception = NoTurn()


class Turnstile(Generic[Thing, Outcome]):
    """Lets `abreast` in at once. `take` is given one thing or several, and gives an outcome for each, in their order."""

    def __init__(
        self,
        take: Callable[[Sequence[Thing]], Sequence[Outcome | Exception]],
        abreast: int = 1,
        most: int = MOST_TOGETHER,
    ) -> None:
        self._take, self._most = take, most
        self._guard = threading.Lock()
        self._room = abreast
        self._waiting: list[tuple[bool, int, _Place[Thing, Outcome]]] = []
        self._arrivals = itertools.count()

    def bring(self, thing: Thing, urgent: Callable[[], bool], wait_seconds: float = WAIT_SECONDS) -> Outcome:
        """What became of it. `urgent` is asked only of those who have to wait. Raises `NoTurn`, or what taking it raised."""
        place = _Place[Thing, Outcome](thing)
        if self._goes_in():
            self._lead([place])
        elif led := self._wait(place, urgent(), wait_seconds):
            self._lead(led)
        if isinstance(place.outcome, Exception):
            raise place.outcome
        return place.outcome

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _goes_in(self) -> bool:
        with self._guard:
            goes = self._room > 0
            self._room -= goes
            return goes

    def _wait(self, place: _Place[Thing, Outcome], urgent: bool, seconds: float) -> list[_Place[Thing, Outcome]]:
        """Those whom this one leads, itself first; nobody where another took it along."""
        with self._guard:
            if self._room > 0:
                self._room -= 1
                return [place]
            heapq.heappush(self._waiting, waits := (not urgent, next(self._arrivals), place))
        if not place.called.acquire(timeout=seconds):
            with self._guard:
                if waits in self._waiting:
                    self._waiting.remove(waits)
                    heapq.heapify(self._waiting)
                    raise NoTurn
            place.called.acquire()  # taken, in the very moment in which we had waited enough: it has an outcome soon
        return place.led

    def _lead(self, places: list[_Place[Thing, Outcome]]) -> None:
        try:
            outcomes = self._take([place.thing for place in places])
            for place, outcome in zip(places, outcomes, strict=True):
                place.outcome = outcome
        finally:
            self._call_next()
            for place in places[1:]:
                place.called.release()

    def _call_next(self) -> None:
        with self._guard:
            led = [heapq.heappop(self._waiting)[-1] for _ in range(min(self._most, len(self._waiting)))]
            if not led:
                self._room += 1
                return
        led[0].led = led
        led[0].called.release()
