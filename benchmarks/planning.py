"""How fast are 100,000 deliveries planned, and do people who text us meanwhile notice?

The other side asks for the same people in one SELECT, makes an object of each copy and gives them to the ORM (`add_all`), into
the same table with the same indexes. Both are committed. Meanwhile a worker plans one such notice after the other, hardly sending
(3 segments a second), while people text the web process at their own times (`crowd`); the clock of a text starts when it was due.
"""

import json
import time

from sqlalchemy import func, select

from benchmarks import people
from benchmarks.fan_out import subscribers
from benchmarks.ground import Ground
from benchmarks.processes import Failed, Process, until
from benchmarks.row import Row
from benchmarks.serving import at_a_free_port, serve
from bot.clock import ahead, now
from bot.contacts.models import Channel
from bot.outbox import planning
from bot.outbox.models import Broadcast, Delivery, Lane, State
from bot.store.session import reading, writing
from bot.subscriptions import audience

TOLD, SUBSCRIBERS = 100_000, 1_000_000
GOAL = 20.0
TEXTS_PER_SECOND, SECONDS, SLOW_PACE = 50, 20, 3
QUICK = 10, 1
MOST_SECONDS, LONGEST_SECONDS = 0.1, 120.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Each side on a database of its own, and the texts on a third."""
    told, of = (100, 1000) if quick else (TOLD, SUBSCRIBERS)
    subscribers(ground, told, of)
    ours = _planned(told)
    subscribers(ground, told, of)
    theirs = _added(told)
    subscribers(ground, told, of)
    rate, seconds = QUICK if quick else (TEXTS_PER_SECOND, SECONDS)
    waited, lost = _texts_meanwhile(ground, rate, seconds)
    return [
        Row(f"{told:,} planned, of {of:,}", ours, "ORM add_all", theirs, "s", theirs / ours, GOAL),
        Row(f"p99 of {rate} texts/s meanwhile", waited, "the ceiling", MOST_SECONDS, "s",
            waited / MOST_SECONDS, 1.0, at_most=True),
        Row("texts not answered meanwhile", lost, "none", 0, "", lost, 0, at_most=True),
    ]  # fmt: skip


def _planned(told: int) -> float:
    broadcast_id = people.released_notice()
    began = time.monotonic()
    planning.plan(broadcast_id)
    took = time.monotonic() - began
    _must_be(told)
    return took


def _added(told: int) -> float:
    broadcast_id = people.released_notice()
    began = time.monotonic()
    with writing() as session:
        who = audience.select_slice([people.TOLD], None, ["en", "es"], 0, SUBSCRIBERS)
        session.add_all(
            Delivery(
                broadcast_id=broadcast_id,
                contact_id=row.contact_id,
                lane=Lane.NOTICE,
                channel=Channel(row.channel),
                language=row.language,
                segments=1,
                state=State.WAITING,
                created_at=now(),
                expires_at=ahead(hours=1),
            )
            for row in session.execute(who).all()
        )
    took = time.monotonic() - began
    _must_be(told)
    return took


def _texts_meanwhile(ground: Ground, rate: int, seconds: int) -> tuple[float, int]:
    """Within how many seconds 99 of 100 texts were answered, and how many never were."""
    ground.set(sender_segments_per_second=SLOW_PACE)
    at_a_free_port(ground)
    ground.carrier()
    web, worker = serve(ground, "bot.wsgi:app"), ground.worker()
    crowd = ground.process(
        "crowd", "-m", "benchmarks.crowd", "--rate", str(TEXTS_PER_SECOND), "--seconds", str(seconds)
    )
    while crowd.is_running:
        asked = people.released_notice()
        until(lambda id_=asked: _is_planned(id_), LONGEST_SECONDS, "it is planned", web, worker)  # type: ignore[misc]
    sent = json.loads(crowd.wait(LONGEST_SECONDS))["sent"]
    waited = sorted(one["seconds"] for one in sent)
    return waited[int(len(sent) * 0.99)], sum(not one["answered"] for one in sent)


def _crowd(ground: Ground, rate: int, seconds: int, seed: int) -> Process:
    options = ("--rate", str(rate), "--seconds", str(seconds), "--seed", str(seed))
    return ground.process("crowd", "-m", "benchmarks.crowd", *options)


def _is_planned(broadcast_id: int) -> bool:
    with reading() as session:
        return session.scalar(select(Broadcast.planned_at).where(Broadcast.id == broadcast_id)) is not None


def _must_be(told: int) -> None:
    with reading() as session:
        there = session.scalar(select(func.count()).select_from(Delivery))
    if there != told:
        raise Failed(f"{told} to be planned, {there} are")
