"""How does a test use the whole hotline? The real processes by their Procfile lines, against real servers, over HTTP."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from bot.settings import Settings
from runner import keeper, servers
from runner.procfile import processes
from simulator import process
from tests.services.carrier import CARRIER, QUICK, Phone, Simulator
from tests.services.databases import ROOT, Databases
from tests.services.logs import leaks
from tests.services.settings import OPERATOR
from tests.services.waiting import eventually

PROCESSES = ("web", "urgent", "bulk", "clock")
START_SECONDS = 90.0
"""Longer than it takes to learn what people write, on a machine that has other things to do."""
LOOK_SECONDS = 1.0
"""Shrunk with the list's lag (`QUICK`), as 60 s stand to some seconds."""
STOP_SECONDS = 10.0
NOT_GIVEN_OUT = range(12_000, 32_000)
"""The system gives those who call out a port from 32,768 on (Linux), or from 49,152 on (RFC 6335)."""


class Hotline:
    """Running processes, the people's phones, and what they logged."""

    def __init__(self, folder: Path, settings: Mapping[str, str], simulator: Simulator) -> None:
        self.folder, self.settings, self.simulator = folder, dict(settings), simulator
        self.address = settings["PUBLIC_BASE_URL"]
        self.database_url, self.redis_url = settings["DATABASE_URL"], settings["REDIS_URL"]
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "gunicorn.conf.py").symlink_to(ROOT / "gunicorn.conf.py")

    def phone(self, number: str, channel: str = "sms") -> Phone:
        """A person's phone, with the hotline at the other end."""
        return self.simulator.phone(number, channel)

    def start(self, name: str, as_name: str = "") -> None:
        """Start one line of the Procfile (`as_name`: a second one of the same line)."""
        with self._log(as_name or name).open("ab") as log:
            # From a folder of its own: a developer's .env is no part of a test. Its own session: a kill takes all of it.
            self._running[as_name or name] = subprocess.Popen(
                f"exec {processes()[name]}", shell=True, cwd=self.folder, env=self.settings,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut would: the process and all it started."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """SIGTERM, and SIGKILL for whoever does not hear."""
        self._end(name, signal.SIGTERM)

    def stop_all(self) -> None:
        """Ask all, then wait for each."""
        for running in self._running.values():
            _signal(running, signal.SIGTERM)
        for name in list(self._running):
            self.stop(name)

    def pid(self, name: str) -> int:
        """Of a running process."""
        return self._running[name].pid

    def wait_until_ready(self) -> None:
        """`/readyz` answers, and no process has ended."""
        eventually(lambda: self._is_ready(), START_SECONDS, "the hotline is not ready")

    def get(self, path: str) -> tuple[int, str]:
        """One page by GET: its status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.settings["PORT"]), timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def bot(self, *arguments: str, said: str = "") -> str:
        """`python -m bot ...` with the hotline's settings; what it prints."""
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.settings,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"bot {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def environment_of(self, name: str) -> dict[str, str]:
        """What a running process was given, as the kernel shows it. Linux only."""
        content = Path(f"/proc/{self._running[name].pid}/environ").read_text()
        return dict(line.split("=", 1) for line in content.split("\0") if "=" in line)

    def logs(self) -> str:
        """Everything every process has written."""
        return "\n".join(f"--- {file.stem}\n{file.read_text(errors='replace')}" for file in self._log_files())

    def assert_logs_name_nobody(self) -> None:
        """No number of a person, in any form (promise 8)."""
        assert leaks(self._log_files()) == []

    def _is_ready(self) -> bool:
        ended = [name for name, running in self._running.items() if running.poll() is not None]
        if ended:
            pytest.fail(f"{', '.join(ended)} ended at once:\n{self.logs()}")
        try:
            return self.get("/readyz")[0] == http.client.OK
        except OSError:
            return False

    def _end(self, name: str, how: signal.Signals) -> None:
        running = self._running.pop(name)
        _signal(running, how)
        try:
            running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal(running, signal.SIGKILL)
            running.wait()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _log_files(self) -> list[Path]:
        return sorted(self.folder.glob("*.log"))


def _signal(running: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if running.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, how)


HotlineStarter = Callable[..., Hotline]


@contextmanager
def hotlines(folder: Path, databases: Databases, keys: Mapping[str, str]) -> Iterator[HotlineStarter]:
    """A way to start hotlines that all end, and whose logs are all read, at the end. `carrier`: more flags of the simulator."""
    with ExitStack() as stack:

        def start(
            kind: str = "sqlite", only: tuple[str, ...] = PROCESSES, carrier: tuple[str, ...] = (), **settings: object
        ) -> Hotline:
            place = folder / f"hotline-{time.monotonic_ns()}"
            place.mkdir()
            port = free_port()
            redis, redis_url = servers.redis(place / "redis")
            stack.callback(os.close, keeper.use(redis))
            database_url = databases.fresh(kind)
            stack.callback(databases.drop, database_url)
            public = f"http://127.0.0.1:{port}"
            simulator = Simulator(stack.enter_context(process.running(*QUICK, "--hotline", public, *carrier)))
            made = Hotline(place, _settings(keys, port, database_url, redis_url, simulator, settings), simulator)
            stack.callback(made.assert_logs_name_nobody)
            stack.callback(made.stop_all)
            for name in only:
                made.start(name)
            if "web" in only:
                made.wait_until_ready()
            return made

        yield start


def _settings(
    keys: Mapping[str, str],
    port: int,
    database_url: str,
    redis_url: str,
    carrier: Simulator,
    more: Mapping[str, object],
) -> dict[str, str]:
    stated = {
        "demo": "true", "operator_name": OPERATOR, "port": port, "public_base_url": f"http://127.0.0.1:{port}",
        "database_url": database_url, "redis_url": redis_url, "twilio_api_base_url": carrier.address,
        "sender_segments_per_second": 100, "unknown_look_seconds": LOOK_SECONDS, **CARRIER, **more,
    }  # fmt: skip
    unknown = set(stated) - set(Settings.model_fields)
    assert not unknown, f"no such settings: {unknown}"
    machine = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ours = {name.upper(): str(value) for name, value in stated.items()}
    return {**machine, **keys, **ours, "PATH": programs, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A loopback port nobody listens on, and that no connection is given meanwhile: the web process binds it seconds later."""
    while True:
        port = secrets.choice(NOT_GIVEN_OUT)
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="module")
def hotline(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases, database_kind: str, keys: dict[str, str]
) -> Iterator[Hotline]:
    """The whole hotline, one for the tests of a file and kind of database: they tell one story, or use people of their own."""
    with hotlines(tmp_path_factory.mktemp("hotline"), databases, keys) as start:
        yield start(database_kind)


@pytest.fixture
def start_hotline(tmp_path: Path, databases: Databases, keys: dict[str, str]) -> Iterator[HotlineStarter]:
    """Starts hotlines for this test alone: `start_hotline("postgresql", lease_minutes=1)`; for drills that break things."""
    with hotlines(tmp_path, databases, keys) as start:
        yield start
