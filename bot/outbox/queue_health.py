"""Does the queue answer? For the doctor and the readiness page; everything also works without it, more slowly."""

from bot.outbox.link import link


def answers() -> bool:
    """True, or redis-py's own error where Redis cannot be reached."""
    return bool(link().ping())
