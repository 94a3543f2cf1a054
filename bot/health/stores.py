"""Do the database and Redis answer, and is there room to write? For the doctor, for `/readyz` and for the page alike."""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.outbox import queue_health
from bot.settings import settings
from bot.store.migrate import behind


class Answer(StrEnum):
    """What the database says."""

    READY = "ready"
    BEHIND = "behind"
    """It lacks a migration that this code has."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on the disk that we write to."""

    free_bytes: int
    all_bytes: int

    @property
    def percent(self) -> float:
        return 100 * self.free_bytes / self.all_bytes if self.all_bytes else 100.0

    @property
    def megabytes(self) -> int:
        return self.free_bytes // 1_000_000


def database() -> Answer:
    try:
        return Answer.BEHIND if behind() else Answer.READY
    except SQLAlchemyError:
        return Answer.GONE


def redis() -> bool:
    """False where it is gone: everything works without it, more slowly."""
    try:
        return queue_health.answers()
    except RedisError:
        return False


def room() -> Room:
    """Where SQLite's file lies, or, with a database elsewhere, where this process runs."""
    url = make_url(settings().database_url)
    place = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path.cwd()
    used = shutil.disk_usage(place if place.exists() else Path.cwd())
    return Room(used.free, used.total)
