"""What does any command on this machine need around it? Settings, a Redis that runs, and a database with its tables."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from runner import demo_settings, servers
from runner.keeper import ROOT, ServerMissing, alone, use
from runner.procfile import processes

MIGRATIONS = ROOT / "bot" / "store" / "migrations" / "versions"


def surroundings() -> dict[str, str]:
    """The environment of a command: a real hotline's as it is, else with the demo's settings where none are set."""
    if demo_settings.is_real():
        return dict(os.environ)
    return demo_settings.demo_settings()


def with_redis(settings: dict[str, str]) -> dict[str, str]:
    """`REDIS_URL` as given, else of the embedded server, which now runs for as long as this process does."""
    if settings.get("REDIS_URL") or (demo_settings.is_real() and _in_dotenv("REDIS_URL")):
        return settings
    server, url = servers.redis(demo_settings.FOLDER / "redis")
    use(server)
    return settings | {"REDIS_URL": url}


def _in_dotenv(name: str) -> bool:
    lines = (ROOT / ".env").read_text().splitlines()
    return any(line.split("=", 1)[0].removeprefix("export ").strip() == name for line in lines if "=" in line)


def with_tables(settings: Mapping[str, str], given: Mapping[str, str] = os.environ) -> None:
    """Bring the demo's own database up to date, once per change of the migrations. A database that was given is its owner's."""
    if demo_settings.is_real() or given.get("DATABASE_URL"):
        return
    mark = demo_settings.FOLDER / "released"
    with alone(demo_settings.FOLDER / "release.lock"):
        wanted = _migrations()
        if not mark.exists() or mark.read_text() != wanted or not Path(_file(settings)).exists():
            release(settings)
            mark.write_text(wanted)


def release(settings: Mapping[str, str]) -> None:
    """The Procfile's release line."""
    subprocess.run(processes()["release"], shell=True, cwd=ROOT, env=dict(settings), check=True)  # noqa: S602  our own line


def _file(settings: Mapping[str, str]) -> str:
    return settings["DATABASE_URL"].removeprefix("sqlite:///")


def _migrations() -> str:
    content = b"".join(path.read_bytes() for path in sorted(MIGRATIONS.glob("*.py")))
    return hashlib.sha256(content).hexdigest()


__all__ = ["ServerMissing", "release", "surroundings", "with_redis", "with_tables"]
