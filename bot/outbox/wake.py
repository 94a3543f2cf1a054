"""Who gets up when there is work? Jobs by their dotted names, in this one place; a test resolves every name.

A job carries nothing but the fact that there is work: the database says which. If Redis is gone the wake-up is lost, and
the workers' own slow look at the database finds the work.
"""

import structlog
from rq import Queue
from rq.serializers import JSONSerializer

from bot.outbox.link import GONE, link
from bot.outbox.models import Lane

URGENT, BULK = "urgent", "bulk"
"""The queues, and the worker processes of the same name. One queue per process: RQ loses jobs of a process with two."""

SEND = "workers.jobs.send"
JOBS = (SEND,)
ENOUGH_WAITING = 2
"""A waiting job starts after what was committed before it: it will see our work, so more would only pile up."""

RESULT_SECONDS = 0
FAILURE_SECONDS = 24 * 3600

log = structlog.get_logger(__name__)


def senders(lane: int) -> None:
    """There is something to send in this lane. Call it once the work is committed."""
    enqueue(BULK if lane >= Lane.NOTICE else URGENT, SEND)


def enqueue(queue: str, job: str) -> None:
    """Put a job on a queue, unless enough of them wait already. Never fails."""
    try:
        waiting = Queue(queue, connection=link(), serializer=JSONSerializer)
        if waiting.count < ENOUGH_WAITING:
            waiting.enqueue_call(
                job,
                timeout=-1,  # RQ's alarm would strike between handing over and recording; the job ends by itself
                result_ttl=RESULT_SECONDS,
                failure_ttl=FAILURE_SECONDS,
                description=job,
            )
    except GONE as gone:
        log.warning("wake_up_lost", queue=queue, error_type=type(gone).__name__)
