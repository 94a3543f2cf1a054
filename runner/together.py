"""How do all processes run at once on one machine, and end together, however the end comes?"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import honcho.manager
from honcho.printer import Message, Printer

from runner.keeper import ROOT

KILL_AFTER_SECONDS = 3.0
"""Honcho's own 5 s, less what a busy machine takes to end them and to see it: all is over in 6."""

honcho.manager.KILL_WAIT = KILL_AFTER_SECONDS


class AlreadyRuns(Exception):
    """This checkout's processes are running."""


@contextmanager
def the_only(folder: Path) -> Iterator[None]:
    """One set of processes per folder. Raises `AlreadyRuns`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise AlreadyRuns from taken
        yield


class OnlyOne(Printer):  # type: ignore[misc]
    """Shows one process's lines, as they are; the others write to files."""

    def __init__(self, name: str) -> None:
        super().__init__(sys.stdout, prefix=False)
        self._name = name

    def write(self, message: Message) -> None:
        if message.name == self._name:
            super().write(message)


class Manager(honcho.manager.Manager):  # type: ignore[misc]
    """Honcho's, which cannot be ended before the last process has said that it started: it waits for that."""

    _asked_early = False

    def terminate(self) -> None:
        self._asked_early = not self._all_started()
        if not self._asked_early:
            super().terminate()

    def _system_print(self, data: str) -> None:
        super()._system_print(data)
        if self._asked_early and self._all_started():
            self.terminate()


class Together:
    """A set of commands that start together. When one ends, all do; its status is the status of all."""

    def __init__(self, folder: Path, show_only: str = "") -> None:
        self._folder, self._show_only = folder, show_only
        self._manager = Manager(OnlyOne(show_only) if show_only else None)

    def add(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        """Each writes down its id, which is also its group's, for the watcher."""
        to_file = f" >>{self._path(name, 'log')} 2>&1" if self._show_only and name != self._show_only else ""
        line = f"echo $$ >'{self._path(name, 'pid')}'; exec {command}{to_file}"
        self._manager.add_process(name, line, env=dict(environment), cwd=str(ROOT))

    def run(self) -> int:
        """Until one ends, or Ctrl-C, SIGTERM or a closed terminal end all. 0 when it was a person who ended it."""
        for old in (*self._folder.glob("*.pid"), *self._folder.glob("*.log")):
            old.unlink()
        _watch(os.getpid(), self._folder)
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        self._manager.loop()
        for ended in self._folder.glob("*.pid"):
            ended.unlink()
        asked = self._manager.returncode in (130, 143)
        return 0 if asked else int(self._manager.returncode or 0)

    def _path(self, name: str, kind: str) -> Path:
        return self._folder / f"{name}.{kind}"


def _watch(parent: int, folder: Path) -> None:
    """Should we be killed outright, a watcher ends what we started."""
    if os.fork():
        return
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 1024)
    while os.getppid() == parent:
        time.sleep(0.2)
    groups = [int(file.read_text()) for file in folder.glob("*.pid")]
    for number, patience in ((signal.SIGTERM, KILL_AFTER_SECONDS), (signal.SIGKILL, 0)):
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and any(_lives(group) for group in groups):
            time.sleep(0.1)
    os._exit(0)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
