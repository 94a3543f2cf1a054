"""What does the SDK cost, with nothing around it? `messages.create` in a pool of threads: no database, no number to open.

`python -m benchmarks.baselines.sdk_pool COUNT [THREADS]`. Its threads take from one counter (a pool's futures would cost it
more); the first message of each, with its handshake, is outside the count.
"""

import argparse
import itertools
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from benchmarks.baselines.sdk import client, send

THREADS = 32
BODY = "HP: Comida en Pacific y Florence, hoy de 4 a 7. Traiga bolsa. Sin papeles, sin preguntas."


def timed(count: int, threads: int) -> dict[str, float]:
    """Seconds and CPU seconds of `count` messages."""
    through, numbers, ready = client(threads), itertools.count(), Barrier(threads + 1)
    with ThreadPoolExecutor(threads) as pool:
        done = [pool.submit(_drain, through, numbers, count, ready) for _ in range(threads)]
        ready.wait()
        began, cpu = time.monotonic(), time.process_time()
        ready.wait()
        for one in done:
            one.result()
        return {"count": count, "seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}


def _drain(through: Any, numbers: Iterator[int], count: int, ready: Barrier) -> None:
    send(through, "+13235550100", BODY, 0)
    ready.wait()
    ready.wait()
    while (n := next(numbers)) < count:
        send(through, f"+132355501{n % 100:02d}", BODY, n)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.baselines.sdk_pool", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("threads", type=int, nargs="?", default=THREADS)
    given = parser.parse_args()
    print(json.dumps(timed(given.count, given.threads)))


if __name__ == "__main__":
    main()
