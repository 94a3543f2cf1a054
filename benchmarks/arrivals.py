"""When did each message reach the carrier, by the carrier's own clock? The stub, which also notes each one as it comes.

`python -m benchmarks.arrivals FOLDER [--latency S]`. Of a message it notes our own id, which stands in its callback address; the
database knows the rest of it.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import uvloop

from benchmarks.carrier import Carrier
from benchmarks.ground import Ground
from benchmarks.stub import HOST, Connection, Counts

_OURS = re.compile(rb"receipts%3Fd%3D(\d+)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message: when (`time.monotonic`), and which."""

    at: float
    delivery: int


def busiest_second(arrivals: Sequence[Arrival], segments: Mapping[int, int] | None = None) -> int:
    """The most segments that came within any one second, wherever it begins."""
    ordered = sorted(arrivals, key=lambda arrival: arrival.at)
    costs = [1 if segments is None else segments[arrival.delivery] for arrival in ordered]
    first = within = most = 0
    for last, arrival in enumerate(ordered):
        within += costs[last]
        while ordered[first].at <= arrival.at - 1:
            within -= costs[first]
            first += 1
        most = max(most, within)
    return most


class Watcher(Carrier):
    """A running stub that notes what comes."""

    def arrivals(self) -> list[Arrival]:
        """So far."""
        with urlopen(f"{self.address}/arrivals", timeout=30) as answer:  # noqa: S310  our own, on the loopback
            return [Arrival(at, delivery) for at, delivery in json.load(answer)]

    def forget(self) -> None:
        urlopen(Request(self.address, method="DELETE"), timeout=30).close()  # noqa: S310  our own, on the loopback


def watcher(ground: Ground, latency: float) -> Watcher:
    """A carrier of this measurement's own, through which everybody sends from here on."""
    process = ground.process("carrier", "-m", "benchmarks.arrivals", str(ground.folder), "--latency", str(latency))
    made = Watcher(process, ground.folder, latency, tls=False)
    ground.set(**{name.lower(): value for name, value in made.settings.items()})
    return made


class _Noting(Counts):
    """The stub's counts, and each arrival."""

    def __init__(self, latency: float) -> None:
        super().__init__(latency)
        self.noted: list[tuple[float, int]] = []

    def forget(self) -> None:
        super().forget()
        self.noted.clear()

    def note(self, request: bytes) -> None:
        ours = _OURS.search(request)
        self.noted.append((time.monotonic(), int(ours[1]) if ours else 0))


class _Door(Connection):
    """One kept connection of the stub."""

    _counts: _Noting

    def _answer(self, request: bytes) -> None:
        if request.startswith(b"POST "):
            self._counts.note(request)
        elif request.startswith(b"GET /arrivals"):
            content = json.dumps(self._counts.noted).encode()
            self._out.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(content) + content
            )
            return
        super()._answer(request)


async def _serve(latency: float) -> None:
    loop, counts = asyncio.get_running_loop(), _Noting(latency)
    server = await loop.create_server(lambda: _Door(counts, loop), HOST, 0, backlog=1024)
    print(f"http://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.arrivals", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    uvloop.run(_serve(parser.parse_args().latency))


if __name__ == "__main__":
    main()
