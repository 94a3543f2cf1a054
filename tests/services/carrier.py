"""How does a test play the carrier and the people? A simulator of its own, asked over HTTP: text as a phone, read a phone."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from simulator import process
from tests.services.settings import Environment
from tests.services.waiting import eventually

ACCOUNT = "AC" + "0" * 30 + "42"
TOKEN = "a-token-of-this-test"
NUMBER = "+15625550100"
CARRIER = {
    "twilio_account_sid": ACCOUNT,
    "twilio_auth_token": TOKEN,
    "twilio_from_number": NUMBER,
    "twilio_whatsapp_from": NUMBER,
}
QUICK = (
    "--account-sid", ACCOUNT, "--auth-token", TOKEN, "--numbers", NUMBER, "--whatsapp", NUMBER, "--rate", "100",
    "--accept-seconds", "0.01", "--send-seconds", "0.02", "--deliver-seconds", "0.1", "--list-lag-seconds", "0.1",
)  # fmt: skip
"""Every step of the carrier is there; only its waits are short."""


class Simulator:
    """The simulator as its control routes show it (`simulator/control.py`)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One control request; the JSON it answers with."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(f"{self.address}/simulator/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def phone(self, number: str, channel: str = "sms") -> "Phone":
        """A person's phone. On WhatsApp the number may be an id."""
        return Phone(self, number, channel)

    def fault(self, kind: str, **how: object) -> int:
        """Something goes wrong from now on (`simulator/faults.py` lists what can); the rule's id."""
        return int(self.ask("POST", "faults", {"kind": kind, **how})["faults"][0]["id"])

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.ask("DELETE", "faults")

    def live(self, **changes: object) -> None:
        """Change times, limits or `rates` while it runs."""
        self.ask("POST", "live", changes)

    def rogue(self, to: str, body: str) -> str:
        """A message in the account that none of us sent; its sid."""
        return str(self.ask("POST", "rogue", {"to": to, "body": body})["sid"])

    def reset(self) -> None:
        """As just started."""
        self.ask("POST", "reset", {})

    def settle(self, within: float = 30.0) -> None:
        """Wait until nothing is on its way any more, callbacks included."""
        assert self.ask("GET", f"settle?wait={within}")["quiet"], f"still busy after {within:g} s"

    def state(self) -> dict[str, Any]:
        """Counts, queues, copies, opt-outs."""
        found: dict[str, Any] = self.ask("GET", "state")
        return found

    def sent(self) -> list[dict[str, Any]]:
        """Every message of ours that the carrier accepted, oldest first."""
        found: list[dict[str, Any]] = []
        since = 0
        while True:
            page = self.ask("GET", f"ledger?since={since}&limit=10000&direction=outbound")
            found += page["messages"]
            if not page["more"]:
                return found
            since = page["next"]


@dataclass(frozen=True)
class Phone:
    """A person's phone: what they text, and what they have received."""

    simulator: Simulator
    number: str
    channel: str = "sms"

    def texts(self, body: str, **more: object) -> dict[str, Any]:
        """Send a text to the hotline; what the carrier made of it, once the hotline has answered."""
        path = f"phones/{quote(self.number)}/texts"
        found: dict[str, Any] = self.simulator.ask("POST", path, {"body": body, "channel": self.channel, **more})
        return found

    def received(self) -> list[str]:
        """The texts that reached this phone, oldest first."""
        shown = self.simulator.ask("GET", f"phones/{quote(self.number)}?channel={self.channel}")["texts"]
        return [row["body"] for row in shown if row["direction"] != "inbound" and row["arrived"]]

    def receives(self, part: str, within: float = 10.0, after: int = 0) -> str:
        """Wait for a text with these words in it, after the first `after` texts received."""

        def found() -> str:
            texts = self.received()[after:]
            match = next((text for text in texts if part.casefold() in text.casefold()), "")
            assert match, f"{part!r} not among {texts}"
            return match

        return eventually(found, within)

    def answers_with(self, body: str, part: str = "", within: float = 10.0) -> str:
        """Text the hotline, and wait for what comes back."""
        before = len(self.received())
        self.texts(body)
        return self.receives(part, within, after=before)


@pytest.fixture
def simulator(env: Environment) -> Iterator[Simulator]:
    """A carrier of this test's own, set as the one the hotline sends through. Nobody is behind its webhooks."""
    with process.running(*QUICK, "--hotline", "http://127.0.0.1:9") as address:
        env.set(twilio_api_base_url=address, **CARRIER)
        yield Simulator(address)
