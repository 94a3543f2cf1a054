"""How does a worker process live? RQ takes jobs off one queue; whatever happens to Redis, the process stays and tries again.

What of RQ 3 this stands on: a worker with two queues loses jobs at a kill; recovery waits for
maintenance, so its intervals are short; SimpleWorker keeps connections where a fork would make them anew for each job.
"""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

import structlog
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot.health import pulse
from bot.outbox.link import GONE
from bot.settings import settings
from workers import turns
from workers.alive import Alive
from workers.known_job import KnownJob
from workers.lifeline import Lifeline
from workers.turns import Turns

WORKER_SECONDS, MAINTENANCE_SECONDS, MONITORING_SECONDS = 30, 15, 5
LONGEST_WAIT_FOR_REDIS_SECONDS = 2.0
RECYCLE_AFTER_JOBS = 20_000

log = structlog.get_logger(__name__)


class Worker(SimpleWorker):
    """RQ's worker, which also says that it was asked to stop."""

    turns: Turns

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """The job at hand ends within its half second. Redis may be away: that must not break off a send in the middle."""
        self.turns.stopping.set()
        with suppress(*GONE):
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def run(name: str) -> None:
    """Work until asked to stop."""
    mine = turns.begin(name)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: mine.stopping.set())
    redis = Redis.from_url(settings().redis_url, socket_connect_timeout=1.0)
    Lifeline(mine).start()
    Alive(lambda: {name: pulse.EVERY_SECONDS} if mine.is_well else {}, mine.stopping).start()
    log.info("worker_started", queue=name)
    while not mine.stopping.is_set():
        if _work(mine, redis):
            _start_anew(mine)
        mine.stopping.wait(0.5)
    mine.leave_off()
    log.info("worker_stopped", queue=name)


def _work(mine: Turns, redis: Redis) -> bool:
    """Until RQ ends: asked to, Redis gone, or (True) enough jobs done."""
    try:
        worker = Worker(
            [Queue(mine.name, connection=redis, serializer=JSONSerializer, job_class=KnownJob)],
            connection=redis,
            job_class=KnownJob,
            serializer=JSONSerializer,
            worker_ttl=WORKER_SECONDS,
            maintenance_interval=MAINTENANCE_SECONDS,
            job_monitoring_interval=MONITORING_SECONDS,
            log_job_description=False,
        )
        worker.turns = mine
        worker.max_connection_wait_time = LONGEST_WAIT_FOR_REDIS_SECONDS
        worker.work(logging_level="WARNING", max_jobs=RECYCLE_AFTER_JOBS)
    except GONE as gone:
        log.warning("redis_gone", error_type=type(gone).__name__)
        return False
    return worker.successful_job_count >= RECYCLE_AFTER_JOBS


def _start_anew(mine: Turns) -> None:
    """The same process from the beginning: whatever memory it gathered is gone, and who started it notices nothing."""
    if not mine.stopping.is_set():
        mine.leave_off()
        log.info("worker_recycled", queue=mine.name)
        os.execv(sys.executable, [sys.executable, "-m", "workers", mine.name])  # noqa: S606
