"""What may a log say? Known fields only: no number and no text of a person can be among them (promise 8, T19).

Our own lines are an event's name and fields of `KNOWN`. Libraries speak through the same door: their sentence without what
they would put into it, and of an error its kind and the places in our code, never its words. Last, whatever still looks
like a phone number is blotted out.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.settings import settings

KNOWN = frozenset(
    {
        "event", "level", "timestamp", "logger", "process",
        "broadcast", "count", "delivery", "error_type", "failure", "incident", "job", "kind", "lane", "ms", "queue",
        "reason", "route", "seconds", "state", "status", "table", "task", "where", "why", "worker", "workers",
    }
)  # fmt: skip
LONG_DIGITS = re.compile(r"\+?\(?\d(?:[\s().-]*\d){6,}")
"""Seven digits in a row, however they are spaced. Ids of ours are shorter or are numbers, which are left alone."""
TAMED = {"rq.worker": "WARNING", "rq.job": "WARNING", "urllib3": "ERROR", "twilio": "CRITICAL", "alembic": "WARNING"}

Event = MutableMapping[str, Any]
_LABELS: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]


def set_up(process: str) -> None:
    """Log as JSON lines from here on, in this process (`web`, `urgent`, `clock` ...)."""
    structlog.configure(
        processors=[*_LABELS, *_shared(process), _to_stdlib],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_arguments, *_LABELS, *_shared(process)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=settings().log_level.upper(), handlers=[handler], force=True)
    for name, level in TAMED.items():
        logging.getLogger(name).setLevel(level)


def _shared(process: str) -> list[Any]:
    def said_by(_logger: object, _method: str, event: Event) -> Event:
        event["process"] = process
        return event

    return [said_by, structlog.processors.TimeStamper(fmt="iso", utc=True), _error_without_words, only_known_fields]


def _to_stdlib(logger: object, method: str, event: Event) -> Any:
    return structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, method, event)  # type: ignore[arg-type]


def _without_arguments(_logger: object, _method: str, event: Event) -> Event:
    """A library's sentence as it is written in its code, before anything is filled in."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["event"] = str(record.msg)
        if record.exc_info:
            event["exc_info"] = record.exc_info
    return event


def _error_without_words(_logger: object, _method: str, event: Event) -> Event:
    """An error's words may hold what somebody wrote; its kind and where it happened do not."""
    given = event.pop("exc_info", None)
    error = sys.exc_info() if given is True else given
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        event["error_type"] = error[0].__name__
        event["where"] = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(error[2])
        ][-8:]
    return event


def only_known_fields(_logger: object, _method: str, event: Event) -> Event:
    """The allow-list. A field that is not on it is named, so that somebody adds it with care, and its value is gone."""
    unknown = sorted(name for name in event if name not in KNOWN and not name.startswith("_"))
    kept = {name: _blotted(value) for name, value in event.items() if name in KNOWN}
    kept |= {name: value for name, value in event.items() if name.startswith("_")}
    return kept | ({"unknown_fields": unknown} if unknown else {})


def _blotted(value: object) -> object:
    if isinstance(value, str):
        return value if _is_timestamp(value) else LONG_DIGITS.sub("[number]", value)
    if isinstance(value, list | tuple):
        return [_blotted(part) for part in value]
    return value if isinstance(value, int | float | bool | None) else LONG_DIGITS.sub("[number]", str(value))


def _is_timestamp(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value))
