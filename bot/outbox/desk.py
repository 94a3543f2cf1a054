"""Who speaks with the database while copies leave? One thread beside the one that sends, one errand after the other.

With both in one thread each claim, each question and each commit left connections idle whose answer had come: a tenth of what the
carrier allows, at 80 ms an answer. An errand is told all it needs and touches nothing that its asker holds; what follows from
its answer, the asker does. So whoever gives copies away lets go of them first.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

DATABASE_GONE = (OperationalError, InterfaceError)
"""Restarting, unreachable, or locked for too long. Any other error is a mistake of ours."""

Told = ParamSpec("Told")
Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


class Desk:
    """One asker's. Errands are done in the order in which they are asked for."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "desk")
        self.aside = True
        """Whether errands go aside at all. Not where answers come so soon that both threads would only wait for each other."""
        self._answered = threading.Event()
        self._last: Future[Any] | None = None

    @property
    def is_busy(self) -> bool:
        return self._last is not None and not self._last.done()

    def ask(self, errand: Callable[Told, Answer], *told: Told.args, **by_name: Told.kwargs) -> "Future[Answer]":
        """Its answer, or what it raises, is in the `Future` when it is done."""
        if not self.aside and not self.is_busy:
            return _done_at_once(errand, *told, **by_name)
        asked = self._last = self._thread.submit(errand, *told, **by_name)
        asked.add_done_callback(self._note)
        return asked

    def tell(self, errand: Callable[Told, object], *told: Told.args, **by_name: Told.kwargs) -> None:
        """For what nobody waits for. Where it fails the leases of its copies run out, and they are looked up."""
        self.ask(errand, *told, **by_name).add_done_callback(_log_failure)

    def wait(self, seconds: float) -> None:
        """Until an errand has ended since this was called last, or so long."""
        self._answered.wait(seconds)
        self._answered.clear()

    def finish(self) -> None:
        """Until everything asked for is done."""
        self.ask(int).result()

    def _note(self, _done: "Future[Answer]") -> None:
        self._answered.set()


def _done_at_once(errand: Callable[Told, Answer], *told: Told.args, **by_name: Told.kwargs) -> "Future[Answer]":
    asked: Future[Answer] = Future()
    try:
        asked.set_result(errand(*told, **by_name))
    except Exception as error:  # noqa: BLE001  whatever it is, whoever asks for the answer gets it
        asked.set_exception(error)
    return asked


def _log_failure(ended: "Future[object]") -> None:
    if (error := ended.exception()) is not None:
        of = error.orig if isinstance(error, DATABASE_GONE) else error
        log.warning("errand_failed", error_type=type(of).__name__)
