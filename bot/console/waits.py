"""What of a broadcast has not left yet, and why? One sentence a reason, in the words of the page."""

import math
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.console import named
from bot.console.words import at, left, say
from bot.contacts.models import Channel
from bot.outbox import freezing, pausing
from bot.outbox.freezing import LEAVES_FROZEN
from bot.outbox.models import Broadcast, BroadcastState
from bot.outbox.progress import Progress
from bot.settings import settings


class Wait(NamedTuple):
    """So many copies wait, and why."""

    copies: int
    words: str
    strong: bool = False
    """Somebody has to do something about it."""


def why(session: Session, broadcast: Broadcast, moved: Progress) -> list[Wait]:
    """What holds up most comes first."""
    if broadcast.state is not BroadcastState.RELEASED:
        return []
    return [
        *_held(session, broadcast, moved),
        *_standing(session, moved),
        *_in_turn(broadcast, moved),
        *(Wait(copies, say("waits.again", why=named.word("failure", failure)))
          for failure, copies in moved.tried_again.items()),
        *([Wait(moved.claimed, say("waits.leaving"))] if moved.claimed else []),
        *([Wait(moved.unknown, say("waits.looked_up"))] if moved.unknown else []),
    ]  # fmt: skip


def _held(session: Session, broadcast: Broadcast, moved: Progress) -> list[Wait]:
    """By a person, or by the hour."""
    if not moved.waiting:
        return []
    if broadcast.kind not in LEAVES_FROZEN and freezing.is_frozen(session):
        return [Wait(moved.waiting, say("waits.frozen"), strong=True)]
    if broadcast.not_before is not None and broadcast.not_before > now():
        return [Wait(moved.waiting, say("waits.until", at=at(broadcast.not_before)))]
    return []


def _standing(session: Session, moved: Progress) -> list[Wait]:
    """The sender itself stands still."""
    return [
        Wait(
            moved.waiting_by_channel[pause.channel],
            say("waits.standing", channel=say(f"channel.{pause.channel}"), why=named.word("failure", pause.why)),
            strong=True,
        )
        for pause in pausing.standing(session)
        if moved.waiting_by_channel.get(pause.channel)
    ]


def _in_turn(broadcast: Broadcast, moved: Progress) -> list[Wait]:
    """Nothing is wrong: others are before them, or the carrier takes so many a second."""
    if moved.first_wait <= 0:
        return []
    each = max((one.segments for one in broadcast.renditions if one.channel is Channel.SMS), default=1)
    seconds = math.ceil(moved.first_wait * each / settings().sender_segments_per_second)
    return [Wait(moved.first_wait, say("waits.turn", span=left(ahead(seconds=seconds + 1))))]
