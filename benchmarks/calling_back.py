"""How does Twilio say what became of messages? Signed receipts over open connections, each the next as soon as one is answered.

A process of its own: `python -m benchmarks.calling_back --first 1 --copies 1000` reads where the hotline is, and how its carrier
signs, from the environment; says of each copy that it was sent and that it arrived; and prints what came back as JSON.
"""

import argparse
import json
import os
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from simulator.auth import signature_headers
from simulator.config import Config

STATUSES = ("sent", "delivered")
CONNECTIONS = 32
"""As many as Twilio was seen to use at once for one account; the simulator's default."""
LONGEST_SECONDS = 300.0
HEAD = (
    "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
)


def sid(copy: int) -> str:
    """The carrier's name for a copy of this measurement."""
    return f"SM{copy:032x}"


def requests(address: str, account: str, token: str, first: int, copies: int) -> Iterator[bytes]:
    """Whole requests, two for each copy."""
    config, parts = Config(account_sid=account, auth_tokens=(token,)), urlsplit(address)
    for copy in range(first, first + copies):
        for status in STATUSES:
            params = {
                "MessageSid": sid(copy), "SmsSid": sid(copy), "MessageStatus": status, "SmsStatus": status,
                "AccountSid": account, "From": "+15625550100", "To": f"+132355501{copy % 100:02d}",
                "ApiVersion": "2010-04-01", "MessagingServiceSid": config.messaging_service,
            }  # fmt: skip
            if status == "delivered":
                params["RawDlrDoneDate"] = "2611221200"
            path, body = f"/twilio/receipts?d={copy}", urlencode(params)
            signed = signature_headers(config, address + path, params.items())
            lines = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
            yield (
                f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{HEAD}I-Twilio-Idempotency-Token: {sid(copy)}{status}\r\n"
                f"{lines}Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()


class Caller:
    """So many connections, each with one request under way."""

    def __init__(self, host: str, port: int, waiting: list[bytes]) -> None:
        self._where = host, port
        self._waiting = deque(waiting)
        self._selector = selectors.DefaultSelector()
        self._since: dict[socket.socket, float] = {}
        self.answers: Counter[str] = Counter()
        self.seconds: list[float] = []

    def run(self) -> float:
        """Until all are answered; how long it took."""
        began = time.monotonic()
        for _ in range(min(CONNECTIONS, len(self._waiting))):
            self._call(self._fresh())
        while self._since and time.monotonic() < began + LONGEST_SECONDS:
            for key, _ in self._selector.select(1.0):
                self._hear(key.fileobj)  # type: ignore[arg-type]
        return time.monotonic() - began

    def _fresh(self) -> socket.socket:
        made = socket.create_connection(self._where)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(made, selectors.EVENT_READ)
        return made

    def _call(self, connection: socket.socket) -> None:
        self._since[connection] = time.monotonic()
        connection.sendall(self._waiting.popleft())

    def _hear(self, connection: socket.socket) -> None:
        """Answers have no body and come in one piece."""
        answer = connection.recv(65536)
        self.answers[answer[9:12].decode() or "broken"] += 1
        self.seconds.append(time.monotonic() - self._since.pop(connection))
        if not answer or b"onnection: close" in answer:
            self._selector.unregister(connection)
            connection.close()
            connection = self._fresh()
        if self._waiting:
            self._call(connection)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calling_back", description=__doc__)
    parser.add_argument("--first", type=int, required=True, help="the id of the first copy")
    parser.add_argument("--copies", type=int, required=True)
    given = parser.parse_args()
    address, token = os.environ["PUBLIC_BASE_URL"], os.environ["TWILIO_AUTH_TOKEN"].partition(",")[0]
    parts = urlsplit(address)
    ready = list(requests(address, os.environ["TWILIO_ACCOUNT_SID"], token, given.first, given.copies))
    caller = Caller(parts.hostname or "", parts.port or 80, ready)
    seconds = caller.run()
    print(json.dumps({"answers": caller.answers, "seconds": seconds, "times": sorted(caller.seconds)}))


if __name__ == "__main__":
    main()
