"""How long after the last copy of a fan-out is the last receipt merged, at the pace of a well-trusted campaign?

The whole hotline on one machine: web, urgent, bulk, clock, and the simulator beside them. Each copy has three receipts: sending,
sent, delivered. The clock starts when the last copy is handed to the carrier, so that its own way to the phone (a second and a
half) is in it, and stops when every copy is written down as delivered and no receipt waits anywhere.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from benchmarks import fan_out, people
from benchmarks.carrier import NUMBER
from benchmarks.ground import Ground
from benchmarks.processes import Process, until
from benchmarks.receipts import ACCOUNT, TOKEN
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve
from bot.clock import now
from bot.outbox import receipt_stream
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.delivery_models import Delivery, State
from bot.store.session import reading

SEGMENTS_PER_SECOND = 225
"""Of a campaign with the best trust score (10DLC)."""
RECEIPTS = 3
COPIES = 4_500
READY_SECONDS, LONGEST_SECONDS = 30.0, 120.0
MOST_SECONDS = 5.0
MOST_ENTRIES = 100_000


@dataclass(slots=True)
class Waiting:
    """Receipts that were taken and not yet merged."""

    most: int = 0

    def count(self) -> int:
        with reading() as session:
            kept = session.scalar(select(func.count(ReceiptEntry.id))) or 0
        found = kept + sum(len(entry.receipts) for entry in receipt_stream.waiting(MOST_ENTRIES))
        self.most = max(self.most, found)
        return found


def measure(ground: Ground, quick: bool) -> list[Row]:
    """One fan-out."""
    copies, waiting = 200 if quick else COPIES, Waiting()
    fan_out.subscribers(ground, copies)
    ground.set(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, sender_segments_per_second=SEGMENTS_PER_SECOND)
    at_a_free_port(ground)
    running = _hotline(ground)
    people.released_notice()
    until(_all_arrived(copies, waiting), LONGEST_SECONDS, "all receipts are merged", *running, every=0.05)
    late, a_second = _seconds_since_the_last_left(), float(SEGMENTS_PER_SECOND * RECEIPTS)
    return [
        Row("last receipt merged after the last copy left", late, "the ceiling", MOST_SECONDS, "s",
            late / MOST_SECONDS, 1.0, at_most=True),
        Row("most receipts waiting meanwhile", waiting.most, "those of a second", a_second, "", waiting.most / a_second),
    ]  # fmt: skip


def _hotline(ground: Ground) -> list[Process]:
    carrier = _simulator(ground)
    workers = [ground.worker("urgent"), ground.worker("bulk")]
    return [carrier, serve(ground, "bot.wsgi:app"), *workers, ground.process("clock", "-m", "workers", "clock")]


def _simulator(ground: Ground) -> Process:
    """One number that sends at this pace; all else as it comes."""
    where = ("--port", "0", "--rate", str(SEGMENTS_PER_SECOND), "--numbers", NUMBER)
    made = ground.process("simulator", "-m", "simulator", *where, "--hotline", ground.settings["PUBLIC_BASE_URL"])
    until(lambda: made.log.read_text().endswith("\n"), READY_SECONDS, "the simulator is ready", made)
    ground.set(twilio_api_base_url=json.loads(made.log.read_text())["address"])
    return made


def _all_arrived(copies: int, waiting: Waiting) -> Callable[[], bool]:
    def arrived() -> bool:
        with reading() as session:
            done = session.scalar(select(func.count()).where(Delivery.state == State.DELIVERED)) or 0
        return waiting.count() == 0 and done >= copies

    return arrived


def _seconds_since_the_last_left() -> float:
    with reading() as session:
        last = session.scalar(select(func.max(Delivery.handed_at)))
    assert last is not None
    return float((now() - last).total_seconds())
