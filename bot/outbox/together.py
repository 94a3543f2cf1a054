"""How do many threads keep one thing each with one act? Whoever has the turn keeps what all who wait for theirs have brought."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class NotKept(RuntimeError):
    """Whoever had the turn ended in the middle of it."""


@dataclass(slots=True)
class _Load(Generic[Thing]):
    things: list[Thing] = field(default_factory=list)
    taken: bool = False
    error: Exception | None = field(default_factory=NotKept)


class Together(Generic[Thing]):
    """`keep` is called with all that came while it was at work before: with one thing where nobody else is about."""

    def __init__(self, keep: Callable[[Sequence[Thing]], None]) -> None:
        self._keep = keep
        self._guard, self._turn = threading.Lock(), threading.Lock()
        self._next = _Load[Thing]()

    def bring(self, thing: Thing) -> None:
        """It is kept when this returns. Raises whatever keeping raised, for each of those that were to be kept by it."""
        with self._guard:
            load = self._next
            load.things.append(thing)
        with self._turn:
            if not load.taken:
                self._take(load)
        if load.error is not None:
            raise load.error

    def _take(self, load: _Load[Thing]) -> None:
        with self._guard:
            self._next = _Load()
        load.taken = True
        try:
            self._keep(load.things)
            load.error = None
        except Exception as error:
            load.error = error
            raise
