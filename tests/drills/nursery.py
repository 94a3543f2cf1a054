"""How is a killed process back at once? Its program is loaded once, here, and forked: interpreter, imports and vocabulary cost
seconds of CPU each time, and there are fifty kills. What a child runs is its line of the Procfile, word for word.

`python -m tests.drills.nursery` reads orders, one JSON object a line, and answers each with the pid of the process it became.
"""

import ctypes
import faulthandler
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from runner.keeper import ROOT
from runner.procfile import processes

LOADED = (
    "workers.__main__", "workers.rq_worker", "workers.sweep", "workers.schedule", "bot.alerts.sweeping",
    "bot.moderation.sweeping", "bot.stewardship.purge", "bot.outbox.reconcile", "bot.outbox.sweeping",
    "bot.outbox.missed_receipts", "bot.hotline.catching_up",
)  # fmt: skip
LOADED_FOR_WEB = ("gunicorn.app.wsgiapp", "bot.console.app", "bot.hotline.webhook", "bot.public.pages")
DIES_WITH_ITS_PARENT = 1
"""Linux: PR_SET_PDEATHSIG. A drill that is broken off leaves nobody behind."""
DIES_WITHIN_SECONDS = 15.0


class Nursery:
    """The parent of the processes of all drills of one test process."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.nursery"], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, line: str, folder: Path, log: Path, settings: Mapping[str, str]) -> int:
        """The pid of a new process of this line of the Procfile, in this folder and with these settings alone."""
        order = {"command": processes()[line], "folder": str(folder), "log": str(log), "settings": dict(settings)}
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps(order) + "\n")
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


def _become(order: dict[str, str], settings: dict[str, str]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for ours, standard in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(ours, standard)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(settings)
    status = 1
    try:
        status = _run(shlex.split(order["command"]))
    finally:
        os._exit(status)


def _run(words: list[str]) -> int:
    """`env NAME=VALUE program ...`, as far as the Procfile uses it."""
    import_module("bot.settings").settings.cache_clear()
    if words[0] == "env":
        while "=" in (word := words.pop(1)):
            name, _, value = word.partition("=")
            os.environ[name] = value
        words[0] = word
    if words[:3] == ["python", "-m", "workers"]:
        faulthandler.register(signal.SIGUSR1)  # where is it? `kill -USR1` writes that to its log
        return int(import_module("workers.__main__").main(words[3:]))
    assert words[0] == "gunicorn", f"no way to run {words}"
    sys.argv = words
    import_module("gunicorn.app.wsgiapp").run()
    return 0


def _load(command: str) -> None:
    """Imports, and what is made from files alone; nothing that depends on a setting."""
    for module in LOADED:
        import_module(module)
    import_module("bot.store.schema").metadata()
    import_module("messages.catalog").namespaces()
    if "gunicorn" in command:
        for module in LOADED_FOR_WEB:
            import_module(module)
        import_module("bot.hotline.understanding").warm()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel takes the dead away by itself
    for line in sys.stdin:
        order = json.loads(line)
        _load(order["command"])
        pid = os.fork()
        if pid == 0:
            _become(order, order["settings"])
        with suppress(OSError):
            os.setpgid(pid, pid)  # here as well: it may be killed before its own first line
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
