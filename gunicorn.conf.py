"""How is the web process served? Threads, as a signed webhook is a short wait for the database; no address of anybody in a log.

`WEB_CONCURRENCY` (processes) and `GUNICORN_CMD_ARGS` are gunicorn's own, and win: behind a proxy on the same machine
`GUNICORN_CMD_ARGS="--bind 127.0.0.1:8000"` keeps the port closed to others.
"""

import datetime as dt
import gc
import os
import re
from typing import Any

from gunicorn.glogging import Logger

from bot.hotline.receiving import PATH as RECEIPTS
from bot.settings import settings
from bot.store.engine import engine


class QuietLog(Logger):
    """Gunicorn's log without what could name a person: addresses, queries, and the secret part of a link.

    Without receipts that were kept, too: three for each copy of an alert to 100,000 people would drive out every other line.
    """

    LONG_SEGMENT = re.compile(r"[^/]{20,}")
    """An invitation's token is longer than any word in our addresses."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: dt.timedelta) -> None:
        if environ["PATH_INFO"] != RECEIPTS or not str(resp.status).startswith("204"):
            super().access(resp, req, environ, request_time)

    def atoms(self, resp: Any, _req: Any, environ: dict[str, Any], request_time: dt.timedelta) -> dict[str, Any]:
        """Just these: gunicorn makes eighty of each request, at a third of what serving it costs."""
        return {
            "m": environ["REQUEST_METHOD"],
            "U": self.LONG_SEGMENT.sub("...", environ["PATH_INFO"]),
            "s": str(resp.status).partition(" ")[0],
            "B": resp.sent,
            "D": request_time // dt.timedelta(microseconds=1),
        }

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from"):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *_args: Any, **kwargs: Any) -> None:
        super().exception(msg.partition(" %s")[0], **kwargs)  # the arguments would be the address with its query


def when_ready(_server: object) -> None:
    """Everything is loaded and nothing forked yet: what the collector never looks at again stays one copy for all of us."""
    gc.collect()
    gc.freeze()


def post_fork(_arbiter: object, _worker: object) -> None:
    """Connections made before the fork belong to the parent."""
    if engine.cache_info().currsize:
        engine().dispose(close=False)
        engine.cache_clear()


bind = f"{'127.0.0.1' if settings().demo else '0.0.0.0'}:{settings().port}"  # noqa: S104  a platform's router is outside
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 24  # most of them wait for their turn (bot/hotline/turnstile.py)
preload_app = True
timeout = 30
graceful_timeout = 2  # the demo kills after 3 s, honcho after 5, and no request of ours takes so long
keepalive = 5
backlog = 512
limit_request_line = 4094
control_socket_disable = True
logger_class = QuietLog
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(D)s us"
proc_name = "contigo-web"
