"""Who lives? Each process says so every few seconds, and so does each task of the clock that came to its end.

In the database, not in Redis: Redis may be gone while all of them work. A process that runs but does nothing any more (its
sender hangs, its task fails each time) does not say so (`workers.alive`).
"""

import datetime as dt
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import now
from bot.health.models import Pulse
from bot.settings import settings
from bot.store.session import writing

EVERY_SECONDS = 5.0
PROCESSES = ("urgent", "bulk", "clock")
"""Lines of the Procfile without which something does not work. Whoever reads a page of ours knows that `web` lives."""
TASK = "task:"


@dataclass(frozen=True, slots=True)
class Heard:
    """When something was last heard of; `at` is empty where it never was."""

    name: str
    at: dt.datetime | None
    every_seconds: float = EVERY_SECONDS
    count: int = 0
    """How many of this name are alive."""

    @property
    def is_silent(self) -> bool:
        return self.at is None or self.seconds > _patience(self.every_seconds)

    @property
    def seconds(self) -> float:
        return (now() - self.at).total_seconds() if self.at else 0.0


def beat(names: Mapping[str, float]) -> None:
    """These are alive and do their work, and mean to say so again in so many seconds."""
    if not names:
        return
    moment = now()
    rows = [{"name": name, "who": _me(), "at": moment, "every_seconds": every} for name, every in sorted(names.items())]
    with writing() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        said = insert(Pulse).values(rows)
        again = {"at": said.excluded.at, "every_seconds": said.excluded.every_seconds}
        session.execute(said.on_conflict_do_update(index_elements=[Pulse.name, Pulse.who], set_=again))


def heard(session: Session) -> dict[str, Heard]:
    """Each process there must be, and each task that ever came to its end, by its name."""
    found = {name: Heard(name, None) for name in PROCESSES}
    latest = select(Pulse.name, func.max(Pulse.at), func.max(Pulse.every_seconds)).group_by(Pulse.name)
    alive = _alive(session)
    for name, at, every in session.execute(latest):
        found[name] = Heard(name, at, every, alive.get(name, 0))
    return found


def _alive(session: Session) -> dict[str, int]:
    """How many of each; a process that ended is remembered for a day."""
    counts: dict[str, int] = {}
    for name, at, every in session.execute(select(Pulse.name, Pulse.at, Pulse.every_seconds)):
        if not Heard(name, at, every).is_silent:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _patience(every_seconds: float) -> float:
    return settings().silent_seconds + 2 * every_seconds


@cache
def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]
