"""What does a measurement stand on? A database of one kind, a Redis, settings, a carrier of its own, and processes that end."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from weakref import WeakSet

from rq.worker import Worker, WorkerStatus
from sqlalchemy import Connection, Engine, event

from benchmarks.carrier import NUMBER, Carrier
from benchmarks.processes import Process, until
from bot.outbox.link import link
from bot.privacy import keys
from bot.settings import Settings, settings
from bot.store.engine import engine
from runner import keeper, servers
from runner.databases import Databases
from runner.keeper import ROOT

WORKER_STARTS_SECONDS = 30.0
FACTS = {
    "DEMO": "true",
    "OPERATOR_NAME": "Benchmark",
    "TWILIO_FROM_NUMBER": NUMBER,
    "TWILIO_WHATSAPP_FROM": NUMBER,
    "SENDER_SEGMENTS_PER_SECOND": "1000000",  # the pace is measured elsewhere; here it never holds anybody back
}


class Ground:
    """Fresh for each repetition. What is set here holds for this process and for those started afterwards."""

    def __init__(self, kind: str, folder: Path, databases: Databases, given: Mapping[str, str]) -> None:
        self.kind, self.folder = kind, folder
        self._databases = databases
        self._stack = ExitStack()
        self.settings = dict(given)
        redis, self.redis_url = servers.redis(folder / "redis", append_only=False)
        self._stack.callback(os.close, keeper.use(redis))
        self.set(redis_url=self.redis_url)
        self._stand_on(databases.fresh(kind))

    def stand_on(self, name: str, fill: Callable[[], None]) -> None:
        """Another database: a copy of the pattern of this name, which `fill` fills, once per run, after the migrations."""
        _let_go()
        keys_mark = hashlib.sha256(self.settings["NUMBER_PUBLIC_KEY"].encode()).hexdigest()[:8]
        pattern = f"{name}_{keys_mark}"  # numbers in it open with these keys only
        self._stand_on(self._databases.filled(self.kind, pattern, lambda url: self._fill(url, fill)))

    def _stand_on(self, url: str) -> None:
        self.database_url = url
        self._stack.callback(self._databases.drop, url)
        self.set(database_url=url)

    def _fill(self, url: str, fill: Callable[[], None]) -> None:
        self.set(database_url=url)
        fill()
        _let_go()

    def set(self, **values: object) -> None:
        """Settings by name, from here on."""
        unknown = set(values) - set(Settings.model_fields)
        if unknown:
            raise KeyError(f"no such settings: {unknown}")
        self.settings |= {name.upper(): str(value) for name, value in values.items()}
        _use(self.settings)

    def carrier(self, latency: float = 0.0, *, tls: bool = False) -> Carrier:
        """A carrier of our own, through which everybody sends from here on."""
        options = ["--latency", str(latency), *(["--tls"] if tls else [])]
        process = self.process("carrier", "-m", "benchmarks.stub", str(self.folder), *options)
        made = Carrier(process, self.folder, latency, tls)
        self._stack.callback(made.close)
        self.settings |= made.settings
        _use(self.settings)
        return made

    def worker(self, line: str = "bulk", name: str = "") -> Process:
        """`python -m workers bulk`, waiting for work."""
        made = self.process(name or line, "-m", "workers", line)
        until(lambda: "worker_started" in made.log.read_text(), WORKER_STARTS_SECONDS, "a worker starts", made)
        return made

    def wait_until_idle(self, workers: int) -> None:
        """So many workers wait at their queue, as they do nearly always."""

        def all_idle() -> bool:
            known = Worker.all(connection=link())
            return len(known) == workers and all(one.get_state() == WorkerStatus.IDLE for one in known)

        until(all_idle, WORKER_STARTS_SECONDS, "workers wait for work")

    def process(self, name: str, *arguments: str) -> Process:
        """`python ARGUMENTS` with these settings, until the measurement ends."""
        return self.program(name, [sys.executable, *arguments])

    def program(self, name: str, command: Sequence[str]) -> Process:
        """Any program with these settings, until the measurement ends. Two of one name log to two files."""
        count = len(list(self.folder.glob(f"{name}*.log")))
        made = Process(command, self.settings, self.folder, f"{name}-{count}" if count else name)
        self._stack.callback(made.stop)
        return made

    def close(self) -> None:
        _let_go()
        self._stack.close()


def _let_go() -> None:
    """No connection of ours may be left: neither file nor pattern can be copied or dropped under one."""
    for used in list(_used):
        used.dispose()
    engine.cache_clear()


_used: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    _used.add(connection.engine)


def _use(values: Mapping[str, str]) -> None:
    for name in {field.upper() for field in Settings.model_fields} - set(values):
        os.environ.pop(name, None)
    os.environ.update(values)
    settings.cache_clear()


@contextmanager
def lands(folder: Path) -> Iterator[Callable[[str], Ground]]:
    """A way to stand on fresh ground, again and again, on servers and patterns that are made once."""
    Settings.model_config["env_file"] = None  # a developer's own .env is no part of a measurement
    before = dict(os.environ)
    machine = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "PATH") if name in os.environ}
    given = {**machine, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **FACTS, **keys.fresh()}
    _use(given)
    databases = Databases(folder, durable=True)

    def stand(kind: str) -> Ground:
        return Ground(kind, Path(tempfile.mkdtemp(prefix="ground-", dir=folder)), databases, given)

    try:
        yield stand
    finally:
        databases.close()
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
