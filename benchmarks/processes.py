"""What runs beside a measurement, and what does it cost? Child processes: their CPU, their memory, their end."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

STOP_SECONDS = 10.0


class Failed(RuntimeError):
    """A process of a measurement ended by itself, or what was waited for did not come."""


class Process:
    """One running program of a measurement; what it says goes to a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path, name: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._seen = psutil.Process(self._running.pid)

    @property
    def pid(self) -> int:
        return self._running.pid

    def cpu_seconds(self) -> float:
        """User and system time of it and of all its children, ended ones included."""
        total = 0.0
        for one in self._family():
            with suppress(psutil.NoSuchProcess):
                spent = one.cpu_times()
                total += spent.user + spent.system + spent.children_user + spent.children_system
        return total

    def memory_bytes(self) -> int:
        """What it holds in memory now (RSS)."""
        held: int = self._seen.memory_info().rss
        return held

    def family_memory_bytes(self) -> list[int]:
        """What it and each of its children hold (RSS); what they share is in each."""
        return [one.memory_info().rss for one in self._family()]

    def whole_memory_bytes(self) -> int:
        """What it and its children hold together, pages they share counted once (PSS; where the system has none, USS)."""
        told = [one.memory_full_info() for one in self._family()]
        return sum(getattr(each, "pss", each.uss) for each in told)

    def _family(self) -> list[psutil.Process]:
        return [self._seen, *self._seen.children(recursive=True)]

    @property
    def is_running(self) -> bool:
        return self._running.poll() is None

    def must_run(self) -> None:
        """Raises `Failed`, with its last words, if it ended."""
        if self._running.poll() is not None:
            raise Failed(f"{self.name} ended with {self._running.returncode}:\n{self.last_words()}")

    def wait(self, seconds: float) -> str:
        """Until it ends by itself; what it said."""
        try:
            status = self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} still runs after {seconds:g} s:\n{self.last_words()}") from None
        if status:
            raise Failed(f"{self.name} ended with {status}:\n{self.last_words()}")
        return self.log.read_text(errors="replace")

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for it and its children if that is not heard."""
        if self._running.poll() is None:
            children = self._seen.children(recursive=True)
            self._running.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(STOP_SECONDS)
            for one in children:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
        if self._running.poll() is None:
            self._running.kill()
        self._running.wait()


def until(check: Callable[[], object], within: float, what: str, *running: Process, every: float = 0.01) -> float:
    """Wait for `check`; when it was first true (`time.monotonic`). Raises `Failed` if a process ends, or it never is."""
    ends = time.monotonic() + within
    while not check():
        for process in running:
            process.must_run()
        if time.monotonic() > ends:
            raise Failed(f"{what}: not within {within:g} s")
        time.sleep(every)
    return time.monotonic()
