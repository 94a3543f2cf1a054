"""Whom would a broadcast reach, at what cost, and what becomes of its copies? Counts only: no copy is anybody's on a page.

The clock counts (`outbox.expecting`, `outbox.counting`); what a page asks does not grow with the audience.
"""

import datetime as dt
import math
from dataclasses import asdict
from typing import Any

from flask import Request
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.console import changes, waits
from bot.contacts.models import Channel
from bot.outbox import expecting, progress
from bot.outbox.models import Broadcast, Rendition
from bot.outbox.progress import Step
from bot.settings import settings

STEPS = 24
"""So many rows has the table of a curve: enough to see its shape, few enough to be read out."""
STALE_SECONDS = 60
"""An older count is none: the clock stands still, and the page says so."""


def of(session: Session, broadcast: Broadcast, told_at: dt.datetime | None = None) -> dict[str, Any]:
    """Before the release whom it would reach; after it what became of the copies. `told_at`: when we first heard of it."""
    if broadcast.release is None:
        return _before(session, broadcast)
    moved = progress.of(session, broadcast.id)
    held = waits.why(session, broadcast, moved)
    return {
        "progress": moved,
        "waits": held,
        "steps": thinned(moved.curve),
        "until_release": _seconds(told_at, broadcast.release.released_at),
        "mark": changes.mark([broadcast.state, asdict(moved) | {"counted_at": None}, held]),
    }


def _before(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    counted = expecting.of(session, broadcast)
    segments = counted.segments(_segments(broadcast))
    told = counted.by_rendition
    dollars = sum(cost(each, told.get((each.language, each.channel.value), 0)) for each in broadcast.renditions)
    return {
        "audience": counted,
        "stale": counted.counted_at is None or (now() - counted.counted_at).total_seconds() > STALE_SECONDS,
        "segments": segments,
        "dollars": dollars,
        "sent_within": _when_sent(segments),
        "cost": cost,
        "mark": changes.mark([broadcast.state, asdict(counted) | {"counted_at": None}]),
    }


def cost(rendition: Rendition, people: int) -> float:
    """What these words cost for so many, about: carriers' fees differ, and count anew what they carry."""
    if rendition.channel is Channel.WHATSAPP:
        return people * settings().whatsapp_message_dollars
    return people * rendition.segments * settings().sms_segment_dollars


def words_read(sent: Request) -> bytes:
    """The mark of the words that stood on the page when its form was sent."""
    try:
        return bytes.fromhex(sent.form.get("words", ""))
    except ValueError:
        return b""


def thinned(curve: tuple[Step, ...]) -> list[Step]:
    """A few of its steps, the last one among them."""
    every = max(1, math.ceil(len(curve) / STEPS))
    return [step for place, step in enumerate(curve) if (len(curve) - 1 - place) % every == 0]


def _segments(broadcast: Broadcast) -> dict[tuple[str, str], int]:
    """What one copy of each rendition costs. WhatsApp has no segments."""
    return {
        (rendition.language, rendition.channel.value): rendition.segments if rendition.channel is Channel.SMS else 0
        for rendition in broadcast.renditions
    }


def _when_sent(segments: int) -> dt.datetime:
    """When the last copy would have left, were it released now."""
    return ahead(seconds=math.ceil(segments / settings().sender_segments_per_second) + 1)


def _seconds(told_at: dt.datetime | None, released_at: dt.datetime) -> float | None:
    return max(0.0, (released_at - told_at).total_seconds()) if told_at else None
