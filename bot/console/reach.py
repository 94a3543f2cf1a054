"""Whom would a broadcast reach, and what becomes of its copies? Counts only: no copy is anybody's on a page."""

import datetime as dt
import math
from dataclasses import asdict
from typing import Any

from flask import Request
from sqlalchemy.orm import Session

from bot.clock import ahead
from bot.console import changes
from bot.contacts.models import Channel
from bot.outbox import progress
from bot.outbox.models import Broadcast
from bot.settings import settings
from bot.subscriptions import audience


def of(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    """Before the release whom it would reach, counted now; after it what became of the copies."""
    if broadcast.release is None:
        spoken = sorted({rendition.language for rendition in broadcast.renditions})
        counted = audience.count(session, broadcast.neighborhoods, broadcast.aid, spoken)
        segments = counted.segments(_segments(broadcast))
        return {"audience": counted, "segments": segments, "sent_within": _when_sent(segments), "mark": ""}
    moved = progress.of(session, broadcast.id)
    return {"progress": moved, "mark": changes.mark([broadcast.state, asdict(moved)])}


def words_read(sent: Request) -> bytes:
    """The mark of the words that stood on the page when its form was sent."""
    try:
        return bytes.fromhex(sent.form.get("words", ""))
    except ValueError:
        return b""


def _segments(broadcast: Broadcast) -> dict[tuple[str, str], int]:
    """What one copy of each rendition costs. WhatsApp has no segments."""
    return {
        (rendition.language, rendition.channel.value): rendition.segments if rendition.channel is Channel.SMS else 0
        for rendition in broadcast.renditions
    }


def _when_sent(segments: int) -> dt.datetime:
    """When the last copy would have left, were it released now."""
    return ahead(seconds=math.ceil(segments / settings().sender_segments_per_second) + 1)
