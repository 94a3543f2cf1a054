"""How does a measurement use the stub? Started, asked what it accepted, and ended with the measurement."""

import http.client
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.processes import Process, until
from benchmarks.stub import ACCOUNT

READY_SECONDS = 20.0
TOKEN = "a-token-of-this-measurement"  # noqa: S105  not a secret: the stub takes any
NUMBER = "+15625550100"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the stub has taken: how many, the first and last by `time.monotonic`, and what that cost it."""

    count: int
    connections: int
    first: float
    last: float
    cpu_seconds: float


class Carrier:
    """A running stub."""

    def __init__(self, process: Process, folder: Path, latency: float, tls: bool) -> None:
        until(lambda: process.log.read_text().endswith("\n"), READY_SECONDS, "the carrier is ready", process)
        self.process, self.latency = process, latency
        self.address = process.log.read_text().split()[-1]
        self.trust = str(folder / "carrier.pem") if tls else ""
        self._door = self._connected()

    @property
    def settings(self) -> dict[str, str]:
        """Whom to send through, in the environment's names."""
        told = {"TWILIO_API_BASE_URL": self.address, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
        return told | ({"TWILIO_CA_FILE": self.trust} if self.trust else {})

    def accepted(self) -> Accepted:
        """So far."""
        return self._ask("GET")

    def forget(self) -> None:
        """Count from nothing again."""
        self._ask("DELETE")

    def close(self) -> None:
        """It runs on; we ask it nothing more."""
        self._door.close()

    def _ask(self, method: str) -> Accepted:
        self._door.request(method, "/")
        told = json.loads(self._door.getresponse().read())
        return Accepted(told["accepted"], told["connections"], told["first"], told["last"], told["cpu"])

    def _connected(self) -> http.client.HTTPConnection:
        where = urlsplit(self.address)
        place, port = str(where.hostname), where.port
        if not self.trust:
            return http.client.HTTPConnection(place, port, timeout=30)
        return http.client.HTTPSConnection(
            place, port, timeout=30, context=ssl.create_default_context(cafile=self.trust)
        )
