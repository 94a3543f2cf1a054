"""A brigade of 5,000 reports from 500 numbers in ten minutes: where do the true ones stand, and how soon is the queue there?

Ranks count from 1, ten minutes in; a screen has 20 rows. The queue is asked for as its page does, without the page.
"""

import datetime as dt
from time import perf_counter

import time_machine

from benchmarks import brigade
from benchmarks.ground import Ground
from benchmarks.row import Row
from benchmarks.stream import BEGINS
from bot.moderation import queue
from bot.settings import settings
from bot.store.session import reading

ASKED = 60
MOST_MILLISECONDS = 1000.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Each style in a database of its own."""
    rows = []
    for style in brigade.STYLES[:1] if quick else brigade.STYLES:
        ground.stand_on("nobody", lambda: None)
        size = (200, 20) if quick else (brigade.REPORTS, brigade.NUMBERS)
        last = brigade.ranks(brigade.arrive(brigade.brigade(style, 7, *size)))[-1]
        screen = settings().queue_screen_rows
        rows.append(
            Row(f"{style}: the last true one's rank", last, "a screen", screen, "", last / screen, 1.0, at_most=True)
        )
        slow = _p95(5 if quick else ASKED)
        ratio = slow / MOST_MILLISECONDS
        rows.append(
            Row(f"{style}: a screen, p95", slow, "the ceiling", MOST_MILLISECONDS, "ms", ratio, 1.0, at_most=True)
        )
    return rows


def _p95(times: int) -> float:
    """The last minute's clock runs, so that what counts the last minutes counts them."""
    taken = []
    with time_machine.travel(BEGINS + dt.timedelta(minutes=brigade.MINUTES), tick=True):
        for _ in range(times):
            began = perf_counter()
            with reading() as session:
                queue.screen(session)
            taken.append((perf_counter() - began) * 1000)
    return sorted(taken)[int(0.95 * len(taken))]
