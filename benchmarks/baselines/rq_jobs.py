"""An RQ job per message. `python -m benchmarks.baselines.rq_jobs simple | forking` works; `... enqueue COUNT` fills the queue.

Everything is imported before the first job; the SimpleWorker keeps its client and its database connection, the forking Worker
(RQ's default) must make both anew in each child. Jobs are enqueued many at a time, with no result kept.
"""

import json
import os
import sys
import time

from redis import Redis
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from benchmarks.baselines.one_by_one import send_one

QUEUE = "baseline"
AT_ONCE = 500
KINDS = {"simple": SimpleWorker, "forking": Worker}


def work(kind: str) -> None:
    """Until killed."""
    redis = Redis.from_url(os.environ["REDIS_URL"])
    worker = KINDS[kind](
        [Queue(QUEUE, connection=redis, serializer=JSONSerializer)],
        connection=redis,
        serializer=JSONSerializer,
        log_job_description=False,
    )
    print("ready", flush=True)
    worker.work(logging_level="WARNING")


def enqueue(count: int) -> float:
    """A job for each message; when the first was enqueued."""
    queue = Queue(QUEUE, connection=Redis.from_url(os.environ["REDIS_URL"]), serializer=JSONSerializer)
    began = time.monotonic()
    for first in range(1, count + 1, AT_ONCE):
        ids = range(first, min(first + AT_ONCE, count + 1))
        queue.enqueue_many([Queue.prepare_data(send_one, (id_,), result_ttl=0) for id_ in ids])
    return began


if __name__ == "__main__":
    if sys.argv[1] == "enqueue":
        print(json.dumps({"began": enqueue(int(sys.argv[2]))}))
    else:
        work(sys.argv[1])
