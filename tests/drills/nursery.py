"""How is a killed worker back at once? Its program is loaded once, here, and forked: an interpreter and its imports cost a
second of CPU each, fifty times over. What a child runs is what its line of the Procfile runs, `python -m workers NAME`.

`python -m tests.drills.nursery` reads lines `NAME LOG` and answers each with the pid of the process it became.
"""

import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from runner.procfile import processes

LINES = ("urgent", "bulk", "clock")
LOADED = (
    "workers.__main__", "workers.rq_worker", "workers.sweep", "bot.outbox.sweeping", "bot.moderation.sweeping",
    "bot.alerts.sweeping", "bot.stewardship.purge",
)  # fmt: skip
DIES_WITH_ITS_PARENT = 1
"""Linux: PR_SET_PDEATHSIG. A drill that is broken off leaves nobody behind."""
DIES_WITHIN_SECONDS = 10.0


class Nursery:
    """The parent of all workers of one drill."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        assert all(processes()[line] == f"python -m workers {line}" for line in LINES)
        self._folder = folder
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.nursery"], cwd=folder, env=settings,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, line: str, name: str) -> int:
        """The pid of a new worker, which writes to the log of this name."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(f"{line} {self._folder / f'{name}.log'}\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def close(self) -> None:
        self._parent.kill()
        self._parent.communicate()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_end(pid: int) -> None:
    """Until the kernel has taken it away, with its locks and its sockets."""
    ends = time.monotonic() + DIES_WITHIN_SECONDS
    while is_alive(pid):
        assert time.monotonic() < ends, f"process {pid} does not end"
        time.sleep(0.001)


def _become(line: str, log: str) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)
    out, nothing = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), os.open(os.devnull, os.O_RDONLY)
    for ours, standard in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(ours, standard)
    faulthandler.register(signal.SIGUSR1)  # where is it? `kill -USR1` writes that to its log
    status = 1
    try:
        status = int(import_module("workers.__main__").main([line]))
    finally:
        os._exit(status)


def main() -> None:
    for module in LOADED:
        import_module(module)
    import_module("bot.store.schema").metadata()
    import_module("messages.catalog").namespaces()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel takes the dead away by itself
    for order in sys.stdin:
        line, log = order.split(maxsplit=1)
        pid = os.fork()
        if pid == 0:
            _become(line, log.strip())
        with suppress(OSError):
            os.setpgid(pid, pid)  # here as well: it may be killed before its own first line
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
