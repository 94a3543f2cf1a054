"""What is done again and again, and how often? Each is safe to do twice at once: a second clock does no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bot.settings import settings

RECEIPTS_SECONDS = 0.5
LOCK_SECONDS = 1.0
PHOTO_SECONDS = 2.0
ROGUE_SECONDS = 60.0
PURGE_SECONDS = 3600.0
CHANGES_SECONDS = 10.0
COUNT_SECONDS = 1.0
AUDIENCE_SECONDS = 1.5
AREAS_SECONDS = 10.0


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
        Task("rogue", min(settings().unknown_look_seconds, ROGUE_SECONDS), "bot.outbox.rogue.compare"),
        Task("photos", min(every, PHOTO_SECONDS), "bot.photos.fetching.sweep"),
        Task("moderation", every, "bot.moderation.sweeping.sweep"),
        Task("exercises", every, "bot.exercises.running.sweep"),
        Task("alerts", every, "bot.alerts.sweeping.sweep"),
        Task("reach", min(every, COUNT_SECONDS), "bot.outbox.counting.count"),
        Task("audience", min(every, AUDIENCE_SECONDS), "bot.outbox.expecting.count"),
        Task("neighborhoods", AREAS_SECONDS, "bot.subscriptions.listening.count"),
        Task("changes", CHANGES_SECONDS, "bot.store.changed.fold"),
        Task("keys", PURGE_SECONDS, "bot.health.keyring.remember"),
        Task("purge", PURGE_SECONDS, "bot.stewardship.purge.purge"),
        Task("access", PURGE_SECONDS, "bot.people.review.suspend_idle"),
    ]
