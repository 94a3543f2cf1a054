"""Is what goes on beside the sending done? The clock's tasks, the carrier's own list, receipts, photos, sends of nobody."""

from sqlalchemy.orm import Session

from bot.clock import ago
from bot.health import pulse, waiting
from bot.health.sign import Sign, Weight
from bot.outbox import listed, rogue, troubles
from bot.settings import settings

READ = {"missed_texts": "inbound", "rogue": rogue.CURSOR}
"""Tasks of the clock that read the carrier's list, and what each keeps its place under. Unable to, it ends all the same."""
MEANS_MOST = ("outbox", "moderation", "alerts", "missed_texts")
"""Without these something people rely on does not happen; without another one something is late."""


def clock(session: Session) -> Sign:
    heard = pulse.heard(session)
    if heard["clock"].is_silent:
        return Sign("clock", "silent", Weight.PARTLY, {"since": heard["clock"].at})
    stuck = sorted(
        name.removeprefix(pulse.TASK) for name, one in heard.items() if name.startswith(pulse.TASK) and one.is_silent
    )
    if not stuck:
        return Sign("clock")
    weight = Weight.PARTLY if set(stuck) & set(MEANS_MOST) else Weight.LOOK
    moments = [at for name in stuck if (at := heard[pulse.TASK + name].at)]
    since = min(moments, default=None)
    return Sign("clock", "stuck", weight, {"tasks": stuck, "since": since})


def carriers_list(session: Session) -> Sign:
    """On it texts that missed us are found, and what none of us sent. Not judged before the clock has tried."""
    tried = pulse.heard(session)
    looks = listed.last_looks(session)
    asked = [READ[task] for task in READ if pulse.TASK + task in tried]
    long_ago = ago(minutes=settings().list_unread_minutes)
    unread = [looks.get(what) for what in asked if (looks.get(what) or long_ago) <= long_ago]
    if not unread:
        return Sign("list")
    return Sign("list", "unread", Weight.LOOK, {"since": min((at for at in unread if at), default=None)})


def rogue_sends(session: Session) -> Sign:
    """Somebody writes in our name, and nobody has said yet that they see to it."""
    found = [trouble for trouble in troubles.unseen(session) if trouble.what == rogue.ROGUE.name]
    if not found:
        return Sign("rogue")
    count, since = sum(trouble.count for trouble in found), min(trouble.hour for trouble in found)
    return Sign("rogue", "found", Weight.PARTLY, {"count": count, "since": since})


def receipts(session: Session) -> Sign:
    """What became of the copies is known later; nothing is lost."""
    oldest = waiting.oldest_receipt(session)
    if oldest is None or oldest > ago(seconds=settings().late_seconds):
        return Sign("receipts")
    return Sign("receipts", "lag", Weight.LOOK, {"since": oldest})


def photos(session: Session) -> Sign:
    """Taken up to an hour apart where the carrier does not show them."""
    oldest = waiting.oldest_photo(session)
    if oldest is None or oldest > ago(minutes=settings().list_unread_minutes):
        return Sign("photos")
    return Sign("photos", "wait", Weight.LOOK, {"since": oldest})
