"""Does an alert wait for a notice to thousands and a flood of questions that are under way?

An urgent and a bulk worker, counted at the carrier: the alert alone, then the same alert while a notice is being sent to more
people than could be reached meanwhile, and as many people write to us as the whole pace could answer. What is answered in the
webhook itself counts too. Replies keep a tenth: for ten copies of the alert, one of them.
"""

import functools
import threading
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from benchmarks import people
from benchmarks.arrivals import Arrival, Watcher, watcher
from benchmarks.ground import Ground
from benchmarks.processes import Process, until
from benchmarks.row import Row
from bot.contacts.models import Contact
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.link import link
from bot.outbox.models import Lane
from bot.settings import settings
from bot.store.session import reading, writing

ALERTED = {3.0: 60, 12.0: 150, 100.0: 900}
"""By rate: to how many people the alert goes."""
QUICK = {12.0: 36}
LATENCY_SECONDS = 0.08
LEAD_SECONDS = 2.0
"""The notice has been under way for this long, and the flood for half of it, when the alert is released."""
GRACE_SECONDS = 30.0
FIRST_SECONDS, FIRST_SECONDS_SLOW, SLOW = 1.0, 2.0, 3.0
"""What the first copy may wait for what is under way; at the slowest rate a slot is a third of a second."""
MOST = 1.05
ALONE = "the same alert alone"


@dataclass(frozen=True, slots=True)
class Told:
    """How an alert went: seconds from its release to its first and last copy, and the segments of replies that left meanwhile."""

    first: float
    last: float
    replies: int


def measure(ground: Ground, quick: bool) -> list[Row]:
    """The alert alone, and with all the rest, at each rate."""
    carrier = watcher(ground, LATENCY_SECONDS)
    rows = []
    for rate, count in (QUICK if quick else ALERTED).items():
        alone = _run(ground, carrier, rate, count, busy=False)
        within = _run(ground, carrier, rate, count, busy=True)
        rows += _rows(rate, count, alone, within)
    return rows


def _rows(rate: float, count: int, alone: Told, within: Told) -> list[Row]:
    later, allowed = within.first - alone.first, FIRST_SECONDS_SLOW if rate <= SLOW else FIRST_SECONDS
    share = settings().reply_share
    last = alone.last * (1 + share)
    return [
        Row(f"{rate:g}/s: first copy", within.first, ALONE, alone.first, "s", within.first / alone.first),
        Row(f"{rate:g}/s: it came later by", later, "what it may", allowed, "s", later / allowed, 1.0, True),
        Row(f"{rate:g}/s: last copy", within.last, f"{ALONE}, and a tenth", last, "s", within.last / last, MOST, True),
        Row(
            f"{rate:g}/s: replies meanwhile",
            within.replies,
            "a tenth",
            count * share,
            "",
            within.replies / count / share,
        ),
    ]


class Flood(threading.Thread):
    """People who write to us, so many a second; each is answered as the hotline answers: in the webhook, or by its lane."""

    def __init__(self, rate: float) -> None:
        super().__init__(name="flood", daemon=True)
        self._rate, self._ends = rate, threading.Event()
        self.in_the_webhook: list[Arrival] = []

    def run(self) -> None:
        began, count = time.monotonic(), 0
        while not self._ends.wait(max(0.0, began + count / self._rate - time.monotonic())):
            count += 1
            self._answer()

    def _answer(self) -> None:
        with writing() as session:
            contact = session.scalars(select(Contact).order_by(Contact.id).limit(1)).one()
            said = answers.answer(session, contact, "hotline.stopped", reason=Reason.WROTE_TO_US)
            at_once = answers.leave_as_twiml(session, [said])
            session.flush()
            if at_once:
                self.in_the_webhook.append(Arrival(time.monotonic(), said.id))

    def end(self) -> None:
        self._ends.set()
        self.join()


def _run(ground: Ground, carrier: Watcher, rate: float, count: int, *, busy: bool) -> Told:
    """One alert to so many people."""
    others = int(count + 4 * LEAD_SECONDS * rate)
    ground.stand_on(f"lanes_{count}", functools.partial(people.subscribers, count, of=count + others))
    ground.set(sender_segments_per_second=rate)
    link().flushdb()
    carrier.forget()
    workers = [ground.worker("urgent"), ground.worker("bulk")]
    flood = Flood(rate)
    if busy:
        _begin_the_rest(carrier, flood, workers)
    released = time.monotonic()
    alert = people.released_notice(Lane.ALERT)
    longest = 2 * count / rate + GRACE_SECONDS
    until(lambda: _handed(alert) >= count, longest, "the alert is out", *workers, every=0.2)
    if busy:
        flood.end()
    arrivals = [*carrier.arrivals(), *flood.in_the_webhook]
    for worker in workers:
        worker.stop()
    return _told(alert, released, arrivals)


def _begin_the_rest(carrier: Watcher, flood: Flood, workers: list[Process]) -> None:
    people.released_notice(Lane.NOTICE, people.OTHERS)
    until(lambda: carrier.accepted().count, GRACE_SECONDS, "the notice is under way", *workers)
    time.sleep(LEAD_SECONDS / 2)
    flood.start()
    time.sleep(LEAD_SECONDS / 2)


def _handed(alert: int) -> int:
    with reading() as session:
        handed = select(func.count()).where(Delivery.broadcast_id == alert, Delivery.state == State.HANDED)
        return session.scalar(handed) or 0


def _told(alert: int, released: float, arrivals: list[Arrival]) -> Told:
    with reading() as session:
        rows = session.execute(select(Delivery.id, Delivery.broadcast_id, Delivery.segments))
        known = {id_: (broadcast, segments) for id_, broadcast, segments in rows}
    copies = [arrival.at for arrival in arrivals if known[arrival.delivery][0] == alert]
    first, last = min(copies), max(copies)
    replies = [known[one.delivery][1] for one in arrivals if first <= one.at <= last and not known[one.delivery][0]]
    return Told(first - released, last - released, sum(replies))
