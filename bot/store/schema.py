"""What is every table? The models live in their rooms; this list is how migrations and stewardship find them all."""

from importlib import import_module

from sqlalchemy import MetaData

from bot.store.types import Base

ROOMS_WITH_TABLES = (
    "bot.store.changed",
    "bot.store.deployment",
    "bot.privacy.audit",
    "bot.contacts.models",
    "bot.subscriptions.models",
    "bot.people.models",
    "bot.people.key_models",
    "bot.people.agreed_models",
    "bot.inbox.models",
    "bot.outbox.models",
    "bot.outbox.delivery_models",
    "bot.outbox.carrier_models",
    "bot.outbox.night_models",
    "bot.outbox.tallies",
    "bot.incidents.models",
    "bot.reports.models",
    "bot.photos.models",
    "bot.moderation.asking_models",
    "bot.moderation.models",
    "bot.moderation.dispatch_models",
    "bot.moderation.emergency_models",
    "bot.moderation.lessons",
    "bot.exercises.models",
    "bot.alerts.models",
    "bot.notices.models",
    "bot.health.models",
)
"""By dotted name: `store` lies below these rooms and does not import them as code."""


def metadata() -> MetaData:
    """Every table of the hotline."""
    for room in ROOMS_WITH_TABLES:
        import_module(room)
    return Base.metadata
