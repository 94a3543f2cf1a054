"""What did the phones get? Counted at the carrier's side, request by request as it arrived there, and never in our own books."""

from collections import defaultdict
from dataclasses import dataclass

from tests.services.carrier import Simulator

PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that the carrier accepted."""

    sid: str
    to: str
    at: float
    """When it came, by the carrier's clock, which is this machine's."""


class Phones:
    """The copies of one broadcast at the carrier, followed while they come."""

    def __init__(self, simulator: Simulator, words: frozenset[str], since: int = 0) -> None:
        self._simulator = simulator
        self._words = words
        self._seen = since
        self.arrivals: list[Arrival] = []

    def look(self) -> int:
        """How many copies have come so far."""
        while True:
            page = self._simulator.ask("GET", f"ledger?since={self._seen}&limit={PAGE}")
            self.arrivals += [
                Arrival(row["sid"], row["to"].removeprefix("whatsapp:"), row["created"])
                for row in page["messages"]
                if row["direction"] != "inbound" and row["body"] in self._words
            ]
            self._seen = page["next"]
            if not page["more"]:
                return len(self.arrivals)

    def arrived(self) -> list[str]:
        """Whose phone showed it, once for each copy."""
        return [row["to"] for row in self._simulator.sent() if row["arrived"] and row["body"] in self._words]

    def by_person(self) -> dict[str, list[Arrival]]:
        """Each person's copies."""
        self.look()
        found: dict[str, list[Arrival]] = defaultdict(list)
        for arrival in self.arrivals:
            found[arrival.to].append(arrival)
        return dict(found)
