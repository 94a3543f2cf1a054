"""Who is at work in a drill, and how are they killed, paused and brought back? Real processes, by their lines of the Procfile."""

import os
import signal
from pathlib import Path

from tests.drills.nursery import Nursery, is_alive, wait_for_end
from tests.services.system import Hotline


class Crew:
    """The processes of one drill. `bulk-2` is a second one of the line `bulk`."""

    def __init__(self, hotline: Hotline, nursery: Nursery) -> None:
        self._hotline = hotline
        self._nursery = nursery
        self._pids: dict[str, int] = {}

    def start(self, *names: str) -> None:
        """Each works as soon as it has read its settings."""
        folder = self._hotline.folder
        for name in names:
            self._pids[name] = self._nursery.start(
                name.partition("-")[0], folder, folder / f"{name}.log", self._hotline.settings
            )

    def kill(self, name: str) -> None:
        """SIGKILL, to all of it."""
        os.killpg(self._pids[name], signal.SIGKILL)
        wait_for_end(self._pids.pop(name))

    def kill_a_part(self, name: str) -> None:
        """Only one of the processes that it has started, which it then replaces."""
        master = self._pids[name]
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)

    def pause(self, name: str) -> None:
        """As a machine that swaps, or a virtual one that is held: not one instruction until it goes on."""
        os.kill(self._pids[name], signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        os.kill(self._pids[name], signal.SIGCONT)

    def say_where_they_are(self) -> None:
        """Each worker writes its threads' stacks into its log, for whoever reads why a drill failed."""
        for name, pid in self._pids.items():
            if name != "web" and is_alive(pid):
                os.kill(pid, signal.SIGUSR1)

    def fallen(self) -> list[str]:
        """Whoever ended without being asked to."""
        return [name for name, pid in self._pids.items() if not is_alive(pid)]

    def stop_all(self) -> None:
        """Asked to end, all at once; nobody may need a SIGKILL."""
        for pid in self._pids.values():
            os.kill(pid, signal.SIGTERM)
        for name, pid in list(self._pids.items()):
            wait_for_end(pid)
            del self._pids[name]

    def close(self) -> None:
        """Whatever is left, paused ones included."""
        for pid in self._pids.values():
            if is_alive(pid):
                os.killpg(pid, signal.SIGKILL)
