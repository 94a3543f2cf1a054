"""A Celery task per message. `python -m benchmarks.baselines.celery_jobs work PROCESSES` works, `... enqueue COUNT` fills it.

Prefork, as GOV.UK Notify and most others run it, on Redis; no results, none of the gossip between workers. Each child keeps its
client and its database connection.
"""

import json
import os
import sys
import time

from celery import Celery
from celery.signals import worker_ready

from benchmarks.baselines.one_by_one import send_one


def _broker(url: str) -> str:
    """Celery's word for a socket's address."""
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


app = Celery("baseline", broker=_broker(os.environ["REDIS_URL"]))
app.conf.update(
    task_ignore_result=True,
    task_default_queue="baseline_celery",
    worker_prefetch_multiplier=64,  # short tasks: the default of 4 would ask the broker far more often
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@app.task(name="send")
def send(message_id: int) -> None:
    send_one(message_id)


@worker_ready.connect
def _ready(**_: object) -> None:
    print("ready", flush=True)


def work(processes: str) -> None:
    """Until killed."""
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
    app.worker_main(["worker", "--pool", "prefork", "--concurrency", processes, *quiet])


def enqueue(count: int) -> float:
    """A task for each message, through one connection; when the first was enqueued."""
    with app.producer_pool.acquire(block=True) as producer:
        began = time.monotonic()
        for id_ in range(1, count + 1):
            send.apply_async((id_,), producer=producer)
    return began


if __name__ == "__main__":
    if sys.argv[1] == "enqueue":
        print(json.dumps({"began": enqueue(int(sys.argv[2]))}))
    else:
        work(sys.argv[2])
