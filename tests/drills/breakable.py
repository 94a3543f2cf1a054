"""Where does a server come from that a drill may break? Run by the drill itself: nobody starts it again behind its back."""

import os
import pwd
import signal
import subprocess
from typing import Any

from runner.keeper import Server
from tests.services.waiting import eventually

START_SECONDS = 60.0


class Breakable:
    """A server that is started, killed, held and started again, on the same files and the same socket."""

    def __init__(self, server: Server, *more: str) -> None:
        server.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._server = server
        self._command = [*server.command, *more]
        self._running: subprocess.Popen[bytes] | None = None
        server.prepare()
        self.start()

    def start(self) -> None:
        """It answers when this returns."""
        user = self._server.user
        as_whom: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        with (self._server.folder / "server.log").open("ab") as log:
            self._running = subprocess.Popen(
                self._command, cwd=self._server.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_whom
            )
        eventually(self._server.answers, START_SECONDS, "the server does not start")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """It is gone when this returns."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(START_SECONDS)
            self._running = None

    def hold(self) -> None:
        """It takes connections and answers nobody."""
        assert self._running
        os.kill(self._running.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._running
        os.kill(self._running.pid, signal.SIGCONT)

    def close(self) -> None:
        if self._running is not None:
            self.go_on()
            self.end(self._server.stop_signal)
