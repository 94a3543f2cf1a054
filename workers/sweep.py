"""The clock: does each task of the schedule when it is due, in a thread of its own, so that a slow one keeps nobody waiting."""

import signal
import threading
import time

import structlog

from bot.clock import now
from bot.health import pulse
from bot.outbox.link import GONE, key, link
from workers.alive import Alive
from workers.schedule import Task, tasks

STOP_SECONDS = 3.0

log = structlog.get_logger(__name__)


def run() -> None:
    """Keep time until asked to stop."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    due = [(task, task.load()) for task in tasks()]  # a name that leads nowhere ends the process here, not at night
    threads = [
        threading.Thread(target=_keep, args=(task, act, stopping), name=task.name, daemon=True) for task, act in due
    ]
    threads.append(Alive(_done_lately, stopping))
    for thread in threads:
        thread.start()
    log.info("clock_started", count=len(threads))
    stopping.wait()
    ends = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    log.info("clock_stopped")


def _keep(task: Task, act: object, stopping: threading.Event) -> None:
    while not stopping.is_set():
        if _is_ours(task) and do(task, act):
            _done[task.name] = max(task.seconds, pulse.EVERY_SECONDS)
        stopping.wait(task.seconds)


def do(task: Task, act: object) -> bool:
    """Once; whether it came to its end. Whatever goes wrong, the clock goes on."""
    began, ended = time.monotonic(), False
    try:
        act()  # type: ignore[operator]
        ended = True
    except Exception:
        log.exception("task_failed", task=task.name)
    if (took := time.monotonic() - began) > max(1.0, task.seconds):
        log.warning("task_slow", task=task.name, seconds=round(took, 1))
    return ended


_done: dict[str, float] = {}
"""Tasks that came to their end here since this process last said so, and how often they are due."""


def _done_lately() -> dict[str, float]:
    """The clock itself, and those."""
    names = {pulse.TASK + name: _done.pop(name) for name in list(_done)}
    return names | {"clock": pulse.EVERY_SECONDS}


def _is_ours(task: Task) -> bool:
    """Of two clocks, one does each turn; without Redis both do, which does no harm either."""
    turn = int(now().timestamp() / task.seconds)
    try:
        return bool(link().set(key(f"turn:{task.name}:{turn}"), 1, nx=True, px=int(task.seconds * 2000) + 1000))
    except GONE:
        return True
