"""What can a queue ask for? Doors of a few lines. No job carries an argument: the database says what there is to do."""

import structlog

from bot.outbox import wake
from workers import turns

log = structlog.get_logger(__name__)


class JobFailed(RuntimeError):
    """What RQ keeps of an error: its kind. Its words could be somebody's."""


def send() -> None:
    """There is something to plan or to send."""
    mine = turns.mine()
    try:
        more = mine.take()
    except Exception as error:
        log.exception("job_failed", job="send")
        raise JobFailed(type(error).__name__) from None
    if more:
        wake.enqueue(mine.name, wake.SEND)
