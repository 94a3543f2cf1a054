"""Which of libcurl's connections have something to say? Only those are looked at, however many are open.

libcurl's `perform` goes through every connection each time; by its `socket_action` it is told which are ready, and when its own
next time has come (measured: a fifth of what a message costs its client, `benchmarks/client_alone.py`).
"""

import math
import select
import time
from typing import Any

import pycurl

READ, WRITE, WRONG = select.POLLIN, select.POLLOUT, select.POLLERR | select.POLLHUP
_BY_EPOLL = hasattr(select, "epoll")
"""Where the system has none, `poll` says the same more slowly, and counts in milliseconds."""
_ASKED = {pycurl.POLL_IN: READ, pycurl.POLL_OUT: WRITE, pycurl.POLL_INOUT: READ | WRITE}


class Readiness:
    """What `multi` waits for. For one thread; `multi` is closed before it."""

    def __init__(self, multi: Any) -> None:
        self._act = multi.socket_action
        self._poll: Any = select.epoll() if _BY_EPOLL else select.poll()
        self._watched: set[int] = set()
        self._due_at = math.inf
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_time)

    def _watch(self, what: int, socket: int, _multi: object, _kept: object) -> None:
        """libcurl says what it waits for at a socket."""
        if socket not in self._watched:
            if what in _ASKED:
                self._poll.register(socket, _ASKED[what])
                self._watched.add(socket)
        elif what in _ASKED:
            self._poll.modify(socket, _ASKED[what])
        else:
            self._watched.discard(socket)
            self._poll.unregister(socket)

    def _set_time(self, milliseconds: int) -> None:
        """libcurl says when it wants its turn, whatever happens at the sockets; below 0: not at all."""
        self._due_at = time.monotonic() + milliseconds / 1000 if milliseconds >= 0 else math.inf

    def keep_time(self) -> None:
        """libcurl's turn, if its time has come: what was added begins, and what took too long ends."""
        if self._due_at <= time.monotonic():
            self._due_at = math.inf
            self._act(pycurl.SOCKET_TIMEOUT, 0)

    def wait(self, seconds: float) -> None:
        """Let it take up what is ready; wait for the first of it at most so long, or until its own time comes."""
        longest = max(0.0, min(seconds, self._due_at - time.monotonic()))
        for socket, happened in self._poll.poll(longest if _BY_EPOLL else math.ceil(longest * 1000)):
            read = pycurl.CSELECT_IN if happened & READ else 0
            write = pycurl.CSELECT_OUT if happened & WRITE else 0
            wrong = pycurl.CSELECT_ERR if happened & WRONG else 0
            self._act(socket, read | write | wrong)
        self.keep_time()

    def close(self) -> None:
        if _BY_EPOLL:
            self._poll.close()
