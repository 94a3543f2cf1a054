"""Somebody's phone on the tour: it texts the hotline and shows what it received, through the simulator's own routes."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from bot.settings import settings

PATIENCE_SECONDS = 20.0
Value = TypeVar("Value")


class NotSo(AssertionError):
    """The story does not hold: what was expected, and what was seen instead."""


def wait_for(check: Callable[[], Value | None], saying: str, seconds: float = PATIENCE_SECONDS) -> Value:
    """The first true answer of `check`. Raises `NotSo` when time is up."""
    deadline = time.monotonic() + seconds
    while not (value := check()):
        if time.monotonic() > deadline:
            raise NotSo(saying)
        time.sleep(0.05)
    return value


@dataclass(frozen=True)
class Phone:
    """One person's phone."""

    name: str
    number: str
    channel: str = "sms"

    def text(self, body: str) -> None:
        """Send a text. Raises `NotSo` when the hotline does not take it."""
        path = f"phones/{quote(self.number)}/texts"
        answer = _ask("POST", path, {"body": body, "channel": self.channel})
        if (answer.get("status") or 500) >= 400:
            raise NotSo(f"the hotline refused {self.name}'s text")

    def received(self) -> list[str]:
        """The texts that have arrived, oldest first."""
        rows = _ask("GET", f"phones/{quote(self.number)}?channel={self.channel}")["texts"]
        return [row["body"] for row in rows if row["direction"] != "inbound" and row["arrived"]]

    def hears(self, *parts: str, after: int = 0, seconds: float = PATIENCE_SECONDS) -> str:
        """Wait for a text, after the first `after`, that holds all these words."""

        def heard() -> str | None:
            return next(
                (text for text in self.received()[after:] if all(p.lower() in text.lower() for p in parts)), None
            )

        return wait_for(heard, f"{self.name} did not hear {' ... '.join(parts)!r}", seconds)

    def asks(self, body: str, *parts: str) -> str:
        """Text the hotline and wait for the answer that holds these words."""
        before = len(self.received())
        self.text(body)
        return self.hears(*parts, after=before)


def _ask(method: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 (the simulator's own address, from the settings)
        f"{settings().twilio_api_base_url}/simulator/{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")
