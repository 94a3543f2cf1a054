"""Whom would a broadcast reach, and what becomes of its copies? Counts only: no copy is anybody's on a page."""

import math
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from bot.console import changes
from bot.outbox import progress
from bot.outbox.models import Broadcast
from bot.settings import settings
from bot.subscriptions import audience


def of(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    """Before the release whom it would reach, counted now; after it what became of the copies."""
    if broadcast.release is None:
        return {"audience": audience.count(session, broadcast.neighborhoods, broadcast.aid), "mark": ""}
    moved = progress.of(session, broadcast.id)
    return {"progress": moved, "mark": changes.mark([broadcast.state, asdict(moved)])}


def seconds_to_send(segments: int) -> int:
    """How long the sender needs for so many segments at its pace."""
    return math.ceil(segments / settings().sender_segments_per_second)
