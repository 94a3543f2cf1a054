"""What is done again and again, and how often? Each is safe to do twice at once: a second clock does no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bot.settings import settings

RECEIPTS_SECONDS = 0.5
LOCK_SECONDS = 1.0
PURGE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that is done every so many seconds, by the dotted name of the function that does it."""

    name: str
    seconds: float
    function: str

    def load(self) -> Callable[[], object]:
        module, _, name = self.function.rpartition(".")
        found: Callable[[], object] = getattr(import_module(module), name)
        return found


def tasks() -> list[Task]:
    """The table."""
    every = settings().sweep_seconds
    return [
        Task("receipts", min(every, RECEIPTS_SECONDS), "bot.outbox.sweeping.merge_receipts"),
        Task("numbers", min(every, LOCK_SECONDS), "bot.contacts.locking.lock_new"),
        Task("outbox", every, "bot.outbox.sweeping.sweep"),
        Task("lost", every, "bot.outbox.reconcile.look"),
        Task("missed_receipts", settings().receipt_late_minutes * 60 / 3, "bot.outbox.missed_receipts.catch_up"),
        Task("missed_texts", settings().catch_up_seconds, "bot.hotline.catching_up.catch_up"),
        Task("moderation", every, "bot.moderation.sweeping.sweep"),
        Task("alerts", every, "bot.alerts.sweeping.sweep"),
        Task("purge", PURGE_SECONDS, "bot.stewardship.purge.purge"),
    ]
