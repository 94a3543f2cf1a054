"""May this sender begin anything, right now, at this worker? Not while it stands still; then one copy first, alone.

It stands still after a run of errors (no answer, 5xx, unreachable, refusals that we do not understand), or at once where the
carrier refuses the account or the sender. Nothing is lost: what waits goes on waiting, and expires as ever. 429 is no error
(`concurrency`), and a refusal of one number says that the sender is well. The truth is in the database (`pausing`); a worker
knows it for half a second, and by itself from the moment it hears of it. Meanwhile urgent copies go by the other channel where
that reaches the person (`diverting`).

For `queueing` and `sending`; one for each channel of a worker, for one thread:

    breaker = Breaker(channel)
    breaker.look_at_once()           # at the beginning of a turn: what was seen before it does not count
    breaker.refresh(first)           # each round, where the database may be asked. `first`: the id of the copy that the queue
                                     # would begin next, or None. Raises what the database raises; then ask again later
    breaker.may_hold -> int          # how many copies the queue may hold: UNLIMITED; 1 (claim one, to be tried); 0 (claim
                                     # nothing, give back everything held). Memory only, as are the following
    breaker.may_begin(copy_id)       # asked right before each begins
    breaker.heard(copy_id, outcome)  # every outcome, whatever it is. Never raises
    breaker.is_busy                  # it owes the database a word, or tries again in a moment: the turn goes on

It takes the place of the queue's own rest after a refusal that holds: that would sleep through a mend.
"""

import time

from bot.channels.channel import Again, Handed, Outcome, Refused, Unknown
from bot.channels.failures import UNRECOGNISED
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import diverting, pausing
from bot.settings import settings

UNLIMITED = 1_000_000
SOON_SECONDS = 5.0
"""So soon a trial is waited for: the next wake-up might come later."""


class Breaker:
    """One channel's, in one worker."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._standing: pausing.Standing | None = None
        self._errors = 0
        self._opening = ""
        """Why it is to stand still; written down at the next refresh."""
        self._trial: int | None = None
        """The copy that we try."""
        self._in_hand = False
        self._verdict: str | None = None
        """What came of the trial: empty, or what was wrong. Written down at the next refresh."""
        self._look_at = 0.0

    def look_at_once(self) -> None:
        self._look_at = 0.0

    def refresh(self, first: int | None = None) -> None:
        self._in_hand = self._trial is not None and first == self._trial
        self._write_down()
        if time.monotonic() >= self._look_at:
            self._look()
        if first is not None and self._is_due and not self._in_hand:
            self._try(first)

    @property
    def may_hold(self) -> int:
        if self._opening:
            return 0
        if self._standing is None:
            return UNLIMITED
        return 1 if self._in_hand or self._is_due else 0

    def may_begin(self, copy_id: int) -> bool:
        if self._opening or self._verdict:
            return False
        return self._standing is None or copy_id == self._trial

    @property
    def is_busy(self) -> bool:
        if self._opening or self._verdict is not None:
            return True
        return self._standing is not None and self._trial is None and 0 < self._seconds_left < SOON_SECONDS

    def heard(self, copy_id: int, outcome: Outcome) -> None:
        if isinstance(outcome, Again) and outcome.too_many:
            return
        wrong = _what_is_wrong(outcome)
        if copy_id == self._trial:
            self._verdict = wrong
        elif self._standing is None:
            self._errors = self._errors + 1 if wrong else 0
            if wrong and (_is_enough(outcome) or self._errors >= settings().pause_after_errors):
                self._opening, self._errors = wrong, 0

    @property
    def _seconds_left(self) -> float:
        return (self._standing.until - now()).total_seconds() if self._standing else 0.0

    @property
    def _is_due(self) -> bool:
        return self._standing is not None and self._standing.is_due

    def _write_down(self) -> None:
        """What we heard, for all others to know. Kept until it could be written."""
        if self._opening:
            pausing.begin(self.channel, self._opening)
            self._opening = ""
            self.look_at_once()
        if self._verdict is not None and self._standing is not None and self._trial is not None:
            if self._verdict:
                pausing.put_off(self._standing, self._trial, self._verdict)
            elif not self._standing.by_receipt:
                pausing.end(self._standing.id)
            self._trial = self._verdict = None
            self.look_at_once()

    def _look(self) -> None:
        self._standing = pausing.look(self.channel)
        if self._standing is None:
            self._trial = self._verdict = None
        else:
            diverting.divert_waiting(self._standing)
        self._look_at = time.monotonic() + pausing.KNOWN_SECONDS

    def _try(self, copy_id: int) -> None:
        if self._standing is not None and pausing.take_trial(self._standing, copy_id):
            self._trial, self._in_hand, self._verdict = copy_id, True, None
        self._look()


def _what_is_wrong(outcome: Outcome) -> str:
    """Nothing, or the reason for a pause. The refusal of one copy is an answer like any other."""
    match outcome:
        case Handed():
            return ""
        case Refused(failure):
            return failure.name if failure.stops_sender or failure is UNRECOGNISED else ""
        case Again():
            return "out_of_reach"
        case Unknown(why):
            return "server_errors" if why.startswith("http_") else "no_answer"


def _is_enough(outcome: Outcome) -> bool:
    """One is enough where no other copy would fare better."""
    return isinstance(outcome, Refused) and outcome.failure.stops_sender
