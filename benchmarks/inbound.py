"""Are texts answered at once, at 200 a second, whatever else the hotline is doing?

The whole hotline on one machine: web, urgent, bulk, clock, Valkey, and the carrier beside them, which brings its receipts. A
crowd (`crowd`) texts at its own times, whether or not the texts before were answered, mostly from numbers never seen before;
its clock starts when a text was due. Alone; while an alert goes out at 100 segments a second; and, at the rate of a busy evening,
while notices to 100,000 people are planned one after the other: how long does planning keep the one lock of SQLite? An answer is
200 and TwiML; each text must stand in the inbox once.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from benchmarks import people
from benchmarks.carrier import NUMBER
from benchmarks.ground import Ground
from benchmarks.processes import Process, until
from benchmarks.receipts import ACCOUNT, TOKEN
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve
from bot.inbox.models import InboundText
from bot.outbox.models import Broadcast, Lane
from bot.store.session import reading

TEXTS_PER_SECOND, SECONDS = 200, 20
WHILE_PLANNING = 50
"""Texts a second then."""
FIRST_RATE, FIRST_SECONDS = 30, 4
"""The first text of each kind, which finds everything cold, is not what is measured."""
SEGMENTS_PER_SECOND, SLOW_PACE = 100, 3
PLANNED, SUBSCRIBERS = 100_000, 1_000_000
MOST_SECONDS = {"while an alert goes out": 0.25, "while 100,000 copies are planned": 0.1}
READY_SECONDS, LONGEST_SECONDS = 30.0, 120.0
LEAST_OF_THE_PACE = 0.8
"""What the alert gets of it meanwhile: replies keep a tenth."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the crowd heard."""

    seconds: list[float]
    unanswered: int
    lost: int
    """Texts that do not stand in the inbox."""

    def within(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Each on a database of its own."""
    rate, seconds = (20, 2) if quick else (TEXTS_PER_SECOND, SECONDS)
    of = 1000 if quick else SUBSCRIBERS
    ground.set(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN)
    rows = [] if quick else _alone(ground, rate, seconds)
    rows += _while_an_alert_goes_out(ground, rate, seconds)
    return rows + _while_planning(ground, min(rate, WHILE_PLANNING), seconds, of // 10, of)


def _alone(ground: Ground, rate: int, seconds: int) -> list[Row]:
    hotline = _hotline(ground, SEGMENTS_PER_SECOND)
    rows = _rows("alone", _crowd(ground, hotline, rate, seconds))
    _stop(hotline)
    return rows


def _while_an_alert_goes_out(ground: Ground, rate: int, seconds: int) -> list[Row]:
    """To more people than can be told meanwhile."""
    pace = SEGMENTS_PER_SECOND
    copies = pace * (seconds + FIRST_SECONDS) * 2
    ground.stand_on(f"told_{copies}_of_{copies}", functools.partial(people.subscribers, copies))
    hotline = _hotline(ground, pace)
    alert = people.released_notice(Lane.ALERT)
    until(lambda: people.handed(alert), LONGEST_SECONDS, "the alert is going out", *hotline)
    before: list[int] = []
    heard = _crowd(ground, hotline, rate, seconds, begins=lambda: before.append(people.handed(alert)))
    sent = (people.handed(alert) - before[0]) / seconds
    _stop(hotline)
    return [
        *_rows("while an alert goes out", heard),
        Row("copies of the alert meanwhile", sent, "its pace", pace, "/s", sent / pace, LEAST_OF_THE_PACE),
    ]


def _while_planning(ground: Ground, rate: int, seconds: int, told: int, of: int) -> list[Row]:
    """One notice after the other; hardly anything is sent."""
    ground.stand_on(f"told_{told}_of_{of}", functools.partial(people.subscribers, told, of))
    hotline = _hotline(ground, SLOW_PACE)
    notices: list[int] = []

    def plan_on() -> None:
        if not notices or _is_planned(notices[-1]):
            notices.append(people.released_notice())

    heard = _crowd(ground, hotline, rate, seconds, meanwhile=plan_on)
    _stop(hotline)
    name = f"while {told:,} copies are planned"
    return [*_rows(name, heard), Row("notices planned meanwhile", len(notices) - 1, "one", 1, "", len(notices) - 1)]


def _rows(when: str, heard: Answers) -> list[Row]:
    most = MOST_SECONDS.get(when)
    p99, worst, missing = heard.within(0.99), heard.seconds[-1], heard.unanswered + heard.lost
    against, bound = ("the ceiling", most) if most else ("the median", heard.within(0.5))
    return [
        Row(f"p99 {when}", p99, against, bound, "s", p99 / bound, 1.0 if most else None, at_most=True),
        Row(f"the slowest {when}", worst, "the median", heard.within(0.5), "s", worst / heard.within(0.5)),
        Row(f"not answered or lost {when}", missing, "none", 0, "", missing, 0, at_most=True),
    ]


def _hotline(ground: Ground, pace: int) -> list[Process]:
    """Every process of it, ready, and its carrier."""
    ground.set(sender_segments_per_second=pace)
    at_a_free_port(ground)
    where = ("--port", "0", "--rate", str(pace), "--numbers", NUMBER)
    carrier = ground.process("simulator", "-m", "simulator", *where, "--hotline", ground.settings["PUBLIC_BASE_URL"])
    until(lambda: carrier.log.read_text().endswith("\n"), READY_SECONDS, "the simulator is ready", carrier)
    ground.set(twilio_api_base_url=json.loads(carrier.log.read_text())["address"])
    workers = [ground.worker("urgent"), ground.worker("bulk")]
    return [carrier, serve(ground, "bot.wsgi:app"), *workers, ground.process("clock", "-m", "workers", "clock")]


def _stop(hotline: list[Process]) -> None:
    for process in reversed(hotline):
        process.stop()


def _crowd(
    ground: Ground,
    hotline: list[Process],
    rate: int,
    seconds: int,
    begins: Callable[[], None] = lambda: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Answers:
    """A few people first; then, as it `begins`, the crowd. `meanwhile` is done again and again until it has gone."""
    _texting(ground, min(rate, FIRST_RATE), FIRST_SECONDS, seed=0).wait(LONGEST_SECONDS)
    begins()
    texting = _texting(ground, rate, seconds, seed=1)

    def gone() -> bool:
        meanwhile()
        return not texting.is_running

    until(gone, LONGEST_SECONDS, "the crowd has gone", *hotline, every=0.05)
    return _heard(json.loads(texting.wait(LONGEST_SECONDS))["sent"])


def _texting(ground: Ground, rate: int, seconds: int, seed: int) -> Process:
    options = ("--rate", str(rate), "--seconds", str(seconds), "--seed", str(seed))
    return ground.process("crowd", "-m", "benchmarks.crowd", *options)


def _heard(sent: list[dict[str, Any]]) -> Answers:
    with reading() as session:
        kept = list(session.scalars(select(InboundText.sid)))
    twice = len(kept) - len(set(kept))
    lost = len({one["sid"] for one in sent} - set(kept)) + twice
    return Answers(sorted(one["seconds"] for one in sent), sum(not one["answered"] for one in sent), lost)


def _is_planned(broadcast_id: int) -> bool:
    with reading() as session:
        return session.scalar(select(Broadcast.planned_at).where(Broadcast.id == broadcast_id)) is not None
