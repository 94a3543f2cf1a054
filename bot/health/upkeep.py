"""What has to be seen to before it hurts? The database and Redis, room to write, the age of keys, texts to be read again."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.clock import local, now
from bot.health import keyring, stores
from bot.health.sign import Sign, Weight
from bot.outbox import rogue, troubles
from bot.privacy import keys as known_keys
from bot.rights.due import due
from bot.settings import settings


def database(_session: Session) -> Sign:
    """Gone, it shows no page: the error page says so (`console.errors`)."""
    return Sign("database") if stores.database() is stores.Answer.READY else Sign("database", "behind", Weight.PARTLY)


def redis(_session: Session) -> Sign:
    return Sign("redis") if stores.redis() else Sign("redis", "gone", Weight.LOOK)


def disk(_session: Session) -> Sign:
    left = stores.room()
    said = {"percent": round(left.percent), "megabytes": left.megabytes}
    if left.megabytes < settings().disk_full_megabytes:
        return Sign("disk", "full", Weight.PARTLY, said)
    return Sign("disk", "low", Weight.LOOK, said) if left.percent < settings().disk_low_percent else Sign("disk")


def keys(session: Session) -> Sign:
    if known_keys.trouble():
        return Sign("keys", "wrong", Weight.PARTLY)
    oldest = max(keyring.ages(session), key=lambda aged: aged.days, default=None)
    if oldest is None or oldest.days < settings().keys_old_days:
        return Sign("keys")
    return Sign("keys", "old", Weight.LOOK, {"days": oldest.days})


def to_mend(session: Session) -> Sign:
    """At the carrier; the page of senders says what, and who sees to it."""
    count = sum(trouble.what != rogue.ROGUE.name for trouble in troubles.unseen(session))
    return Sign("to_mend", "some", Weight.LOOK, {"count": count}) if count else Sign("to_mend")


def reviews(_session: Session) -> Sign:
    """Texts to be read again and numbers to be called: dates that have passed."""
    count = _overdue(local(now()).date())
    return Sign("reviews", "due", Weight.LOOK, {"count": count}) if count else Sign("reviews")


@lru_cache(maxsize=1)
def _overdue(today: date) -> int:
    """Once a day: words do not change while a process runs, and to hash all of them takes a tenth of a second."""
    return sum(each.by is not None for each in due(today))
