"""May this sender begin anything, right now, at this worker? Not while it stands still; then one copy first, alone.

It stands still after a run of errors (no answer, 5xx, unreachable, refusals that we do not understand), or at once where the
carrier refuses the account or the sender. Nothing is lost: what waits goes on waiting, and expires as ever. 429 is no error
(`concurrency`), and a refusal of one number says that the sender is well. The truth is in the database (`pausing`); a worker
looks several times a second, begins nothing on a look older than 0.8 s, and knows by itself what it hears. Meanwhile urgent
copies go by the other channel where that reaches the person (`diverting`).

For `queueing` and `sending`; one for each channel of a worker, for one thread:

    breaker = Breaker(channel)
    breaker.look_at_once()           # at the beginning of a turn: what was seen before it does not count
    errand = breaker.errand(first)   # each round. `first`: the id of the copy that the queue would begin next, or None.
                                     # What is to be done at the database (`desk`), or None if nothing is
    breaker.take(errand())           # what came of it. If it raised, ask again later: nothing is forgotten
    breaker.may_hold -> int          # how many copies the queue may hold: UNLIMITED; 1 (claim one, to be tried); 0 (claim
                                     # nothing, give back everything held). Memory only, as are the following
    breaker.may_begin(copy_id)       # asked right before each begins
    breaker.heard(copy_id, outcome)  # every outcome, whatever it is. Never raises
    breaker.is_busy                  # it owes the database a word, or tries again in a moment: the turn goes on

It takes the place of the queue's own rest after a refusal that holds: that would sleep through a mend.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from bot.channels.channel import Again, Handed, Outcome, Refused, Unknown
from bot.channels.failures import UNRECOGNISED
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import diverting, pausing
from bot.settings import settings

UNLIMITED = 1_000_000
SOON_SECONDS = 5.0
"""So soon a trial is waited for: the next wake-up might come later."""


class Seen(NamedTuple):
    """What an errand brings back."""

    standing: pausing.Standing | None
    trial: int | None
    opened: bool = False
    settled: bool = False
    tries: bool = False
    looked: bool = False


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
        self._known_until = 0.0
        """Without a look for longer than this, nothing begins: first of all in a worker that has not looked yet."""

    def look_at_once(self) -> None:
        self._look_at = 0.0

    def errand(self, first: int | None = None) -> Callable[[], Seen] | None:
        """What is to be asked of the database and told to it, if anything. `take` its answer."""
        self._in_hand = self._trial is not None and first == self._trial
        wanted = None if self._in_hand else first
        look = time.monotonic() >= self._look_at
        said = self._verdict if self._standing is not None and self._trial is not None else None
        if not self._opening and said is None and not look and (wanted is None or not self._is_due):
            return None
        return partial(
            _ask, self.channel, self._standing, self._trial, opening=self._opening, said=said, look=look, wanted=wanted
        )

    def take(self, seen: Seen) -> None:
        """What came of the errand. What was heard meanwhile stays, for the next one."""
        if seen.opened:
            self._opening = ""
        if seen.standing is None or seen.settled:
            self._verdict = None
        self._standing, self._trial = seen.standing, seen.trial
        if seen.tries:
            self._in_hand, self._verdict = True, None
        if seen.looked:
            self._look_at = time.monotonic() + pausing.LOOK_AGAIN_SECONDS
            self._known_until = time.monotonic() + pausing.KNOWN_SECONDS

    @property
    def may_hold(self) -> int:
        if self._opening:
            return 0
        if self._standing is None:
            return UNLIMITED
        return 1 if self._in_hand or self._is_due else 0

    def may_begin(self, copy_id: int) -> bool:
        if self._opening or self._verdict or time.monotonic() > self._known_until:
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


def _ask(
    channel: Channel,
    standing: pausing.Standing | None,
    trial: int | None,
    *,
    opening: str,
    said: str | None,
    look: bool,
    wanted: int | None,
) -> Seen:
    """Write down what we heard, for all others to know; look; and take the trial where it is due."""
    seen = Seen(standing, trial)
    if opening:
        pausing.begin(channel, opening)
        seen, look = seen._replace(opened=True), True
    if said is not None and standing is not None and trial is not None:
        if said:
            pausing.put_off(standing, trial, said)
        elif not standing.by_receipt:
            pausing.end(standing.id)
        seen, look = seen._replace(settled=True, trial=None), True
    if look:
        seen = _looked(channel, seen)
    if wanted is not None and seen.standing is not None and seen.standing.is_due:
        if pausing.take_trial(seen.standing, wanted):
            seen = seen._replace(trial=wanted, tries=True)
        seen = _looked(channel, seen)
    return seen


def _looked(channel: Channel, seen: Seen) -> Seen:
    standing = pausing.look(channel)
    if standing is None:
        return seen._replace(standing=None, trial=None, looked=True)
    diverting.divert_waiting(standing)
    return seen._replace(standing=standing, looked=True)


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
