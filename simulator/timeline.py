"""What happens next, and when? One heap for everything that waits, instead of a task for each message."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count
from typing import Any

BATCH = 500  # events run before other work gets a turn


class Timeline:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due = float("inf")
        self._stopped = False

    def __len__(self) -> int:
        return len(self._heap)

    def after(self, seconds: float, act: Callable[..., None], *args: Any) -> None:
        self.at(time.time() + seconds, act, *args)

    def at(self, moment: float, act: Callable[..., None], *args: Any) -> None:
        heapq.heappush(self._heap, (moment, next(self._order), act, args))
        if moment < self._timer_due:
            self._arm()

    def clear(self) -> None:
        self._heap.clear()

    def stop(self) -> None:
        self._stopped = True
        self._heap.clear()
        if self._timer:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._timer_due = float("inf")
        if self._heap and not self._stopped:
            self._timer_due = self._heap[0][0]
            wait = max(0.0, self._timer_due - time.time())
            self._timer = asyncio.get_running_loop().call_later(wait, self._run)

    def _run(self) -> None:
        # While we run, `at` must not arm a timer for each event: pretend one is due already.
        self._timer, self._timer_due = None, float("-inf")
        try:
            now = time.time()
            for _ in range(BATCH):
                if not self._heap or self._heap[0][0] > now:
                    break
                _, _, act, args = heapq.heappop(self._heap)
                act(*args)
        finally:
            self._arm()
