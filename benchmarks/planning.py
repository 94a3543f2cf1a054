"""How fast are 100,000 deliveries planned?

The other side asks for the same people in one SELECT, makes an object of each copy and gives them to the ORM (`add_all`), into
the same table with the same indexes. Both are committed. What people who text us meanwhile notice of it: `inbound`.
"""

import time

from sqlalchemy import func, select

from benchmarks import people
from benchmarks.fan_out import subscribers
from benchmarks.ground import Ground
from benchmarks.processes import Failed
from benchmarks.row import Row
from bot.clock import ahead, now
from bot.contacts.models import Channel
from bot.outbox import planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane
from bot.store.session import reading, writing
from bot.subscriptions import audience

TOLD, SUBSCRIBERS = 100_000, 1_000_000
GOAL = 20.0


def measure(ground: Ground, quick: bool) -> list[Row]:
    """Each side on a database of its own."""
    told, of = (100, 1000) if quick else (TOLD, SUBSCRIBERS)
    subscribers(ground, told, of)
    ours = _planned(told)
    subscribers(ground, told, of)
    theirs = _added(told)
    return [Row(f"{told:,} planned, of {of:,}", ours, "ORM add_all", theirs, "s", theirs / ours, GOAL)]


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
        who = audience.select_slice([people.TOLD], None, ["en", "es"], 0, SUBSCRIBERS, audience.window_end())
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


def _must_be(told: int) -> None:
    with reading() as session:
        there = session.scalar(select(func.count()).select_from(Delivery))
    if there != told:
        raise Failed(f"{told} to be planned, {there} are")
