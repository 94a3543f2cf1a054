"""How long does a request last, and how many fly at most? From what one worker has in flight, without a clock per request."""

import time

ASSUMED_SECONDS = 0.1
SHORTEST_SECONDS, LONGEST_SECONDS = 0.005, 2.0


class Trip:
    """What flew, over time, by how many came back (Little's law)."""

    def __init__(self) -> None:
        self.seconds = ASSUMED_SECONDS
        self._at = time.monotonic()
        self._area = 0.0
        self._peak = self._ended = self._just_ended = 0

    def saw(self, moment: float, flying: int) -> None:
        """So many fly now. Those that ended since the last look flew with them: a worker begins before it hears."""
        flew = flying + self._just_ended
        self._area += (moment - self._at) * flew
        self._peak = max(self._peak, flew)
        self._at, self._ended, self._just_ended = moment, self._ended + self._just_ended, 0

    def ended(self) -> None:
        self._just_ended += 1

    def peak(self) -> int:
        """The most since this was asked last; and the trip is measured anew."""
        if self._ended:
            seen = min(max(SHORTEST_SECONDS, self._area / self._ended), LONGEST_SECONDS)
            self.seconds += (seen - self.seconds) / 4
            self._area, self._ended = 0.0, 0
        peak, self._peak = self._peak, 0
        return peak
