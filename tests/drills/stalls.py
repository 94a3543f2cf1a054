"""How much later than it began may a request be noted on a machine this busy? Measured while it happens, not guessed.

The carrier notes when it reads a request. Where its process is held up, a request that began in time is noted late. So it is
asked for its health again and again, one question after the other: while a request waits to be read, so does one of these.
"""

import http.client
import threading
import time
from urllib.parse import urlsplit

LOOK_BACK_SECONDS = 5.0
WORTH_NOTING_SECONDS = 0.005
TWO = 2
"""A request can fall between two questions, and wait for a part of each."""


class Stalls(threading.Thread):
    """`with Stalls(address) as stalls:` asks for as long as that goes on; afterwards it knows."""

    def __init__(self, address: str) -> None:
        super().__init__(name="stalls", daemon=True)
        parts = urlsplit(address)
        self._carrier = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        self._closing = threading.Event()
        self._waits: list[tuple[float, float]] = []

    def __enter__(self) -> "Stalls":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.join()
        self._carrier.close()

    def run(self) -> None:
        while not self._closing.wait(0.002):
            began = time.time()
            self._carrier.request("GET", "/simulator/health")
            self._carrier.getresponse().read()
            ended = time.time()
            if ended - began > WORTH_NOTING_SECONDS:
                self._waits.append((began, ended))

    def before(self, moment: float) -> float:
        """By how much what was noted at this moment may have been late."""
        near = [ended - began for began, ended in self._waits if ended > moment - LOOK_BACK_SECONDS and began <= moment]
        return TWO * max(near, default=WORTH_NOTING_SECONDS)
