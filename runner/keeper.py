"""How does a server live exactly as long as somebody uses it?

A user holds a shared lock on the server's `users` file. The keeper, a process of its own, runs the server until nobody holds that
lock, then stops it. The kernel drops the locks of whoever dies, however they die: no crash leaves a server behind, or a
stale mark that blocks the next start. The lock outlives `exec`, so a process that becomes another one goes on using the server.
"""

import argparse
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POLL_SECONDS = 0.1
START_SECONDS = 30.0
STOP_SECONDS = 10.0
TRIES = 3


class ServerMissing(Exception):
    """The server could not be had; the message says why, for a person."""


@dataclass(frozen=True)
class Server:
    """What to run, where its files are, and how to see that it answers."""

    folder: Path
    command: tuple[str, ...]
    answers: Callable[[], bool]
    prepare: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    user: str = ""
    remove_folder: bool = False


def use(server: Server) -> int:
    """Make sure that the server runs, for as long as the returned file descriptor stays open."""
    server.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    users = os.open(server.folder / "users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    os.set_inheritable(users, True)
    try:
        with alone(server.folder / "starting"):
            if not (is_kept(server.folder) and server.answers()):
                server.prepare()
                _start_keeper(server)
    except BaseException:
        os.close(users)
        raise
    return users


def _start_keeper(server: Server) -> None:
    options = ["--stop-signal", server.stop_signal.name]
    options += ["--user", server.user] if server.user else []
    options += ["--remove-folder"] if server.remove_folder else []
    command = [sys.executable, "-m", "runner.keeper", *options, str(server.folder), "--", *server.command]
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=True)
    deadline = time.monotonic() + START_SECONDS
    while not server.answers():
        if not is_kept(server.folder) or time.monotonic() > deadline:
            raise ServerMissing(
                f"{Path(server.command[0]).name} does not start. Its last words:\n{last_words(server.folder)}"
            )
        time.sleep(0.02)


def is_kept(folder: Path) -> bool:
    """A keeper lives. A server may outlive its keeper, should that be killed; nobody would ever stop it."""
    with (folder / "kept").open("a") as kept:
        try:
            fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def last_words(folder: Path) -> str:
    """The end of the server's log."""
    log = folder / "server.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else "(none)"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time, by a lock that dies with it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unused(folder: Path) -> int | None:
    """Nobody holds the server: then keep newcomers waiting until it has stopped. Nobody finds it whose folder was removed."""
    try:
        users = os.open(folder / "users", os.O_RDWR)
    except FileNotFoundError:
        return os.open(os.devnull, os.O_RDWR)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(users)
        return None
    return users


def _take_over(folder: Path, running: int) -> None:
    """End a server whose keeper was killed. It still holds the lock it inherited, so the pid is surely its own."""
    deadline = time.monotonic() + STOP_SECONDS
    while True:
        try:
            return fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = (folder / "server.pid").read_text()
            os.kill(int(pid), signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM)
            time.sleep(POLL_SECONDS)


def _leave_home() -> None:
    """Go on in the background, in a session of its own: Ctrl-C is for the users, and the server outlives the first to go."""
    if os.fork():
        os._exit(0)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _launch(folder: Path, command: list[str], user: str, running: int) -> subprocess.Popen[bytes]:
    as_whom: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(running,),
            **as_whom,
        )
    (folder / "server.pid").write_text(str(server.pid))
    return server


def keep(folder: Path, command: list[str], user: str, stop_signal: signal.Signals) -> int:
    """Run the server until it is unused; start it again when it falls; give up when it falls at once, again and again."""
    kept = (folder / "kept").open("w")
    fcntl.flock(kept, fcntl.LOCK_EX)
    running = os.open(folder / "running", os.O_RDWR | os.O_CREAT, 0o600)
    _take_over(folder, running)
    _leave_home()
    print(os.getpid(), file=kept, flush=True)
    server, started, falls = _launch(folder, command, user, running), time.monotonic(), 0
    while (unused := _unused(folder)) is None:
        if server.poll() is not None:
            falls = falls + 1 if time.monotonic() - started < STOP_SECONDS else 1
            if falls == TRIES:
                return 1
            server, started = _launch(folder, command, user, running), time.monotonic()
        time.sleep(POLL_SECONDS)
    _stop(server, stop_signal)
    os.close(unused)
    return 0


def _stop(server: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    server.send_signal(stop_signal)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m runner.keeper", description=__doc__)
    parser.add_argument("--stop-signal", type=lambda name: signal.Signals[name], default=signal.SIGTERM)
    parser.add_argument("--user", default="")
    parser.add_argument("--remove-folder", action="store_true")
    parser.add_argument("folder", type=Path)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    try:
        return keep(given.folder, given.command, given.user, given.stop_signal)
    finally:
        if given.remove_folder:
            shutil.rmtree(given.folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
