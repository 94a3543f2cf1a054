"""How do many HTTPS requests leave from one thread, and did any byte of a failed one leave?

libcurl's multi interface over kept connections: measured at a thirtieth of the CPU of the SDK
(`benchmarks/send_cpu.py`). Two habits of libcurl would send a message twice, and are turned off here: over HTTP/1.1 it sends
a POST again by itself when a *kept* connection turns out dead, and HTTP/2 lets it replay refused streams. The body comes
from a callback that cannot be rewound, so a silent second try ends as an error instead.
"""

import datetime as dt
from collections import deque
from functools import partial
from typing import Any, NamedTuple

import certifi
import pycurl

from bot.channels.readiness import Readiness
from bot.clock import now

LONGEST_ANSWER_BYTES = 65_536
WATCHING_ONE_IN = 16
"""A header is looked for on so many of the lines only: each header's line costs a call back into Python."""
KEPT_CONNECTION_SECONDS = 20
"""An older idle connection is not used again: the other end may be closing it just as we write."""


class Reply(NamedTuple):
    """What came back. `status` 0: no whole answer; then `may_have_left` says whether a byte of the body went out."""

    status: int
    body: bytes
    may_have_left: bool
    error: str = ""


class _Line:
    """One request at a time, on one easy handle that is used again and again."""

    def __init__(self, url: str, user: str, secret: str, timeout_seconds: float, trusted: str) -> None:
        self.token: int = 0
        self._body = b""
        self._begin_by: dt.datetime | None = None
        self._read = False
        self._answer: list[bytes] = []
        self._size = 0
        self.handle = pycurl.Curl()
        set_ = self.handle.setopt
        set_(pycurl.URL, url)
        set_(pycurl.USERPWD, f"{user}:{secret}")
        set_(pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC)
        set_(pycurl.POST, 1)
        set_(
            pycurl.HTTPHEADER,
            ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json", "Expect:"],
        )
        set_(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        set_(pycurl.USERAGENT, "contigo")
        set_(pycurl.CAINFO, trusted or certifi.where())
        set_(pycurl.NOSIGNAL, 1)
        set_(pycurl.FOLLOWLOCATION, 0)
        set_(pycurl.TCP_NODELAY, 1)
        set_(pycurl.MAXAGE_CONN, KEPT_CONNECTION_SECONDS)
        set_(pycurl.CONNECTTIMEOUT_MS, int(timeout_seconds * 500))
        set_(pycurl.TIMEOUT_MS, int(timeout_seconds * 1000))
        set_(pycurl.READFUNCTION, self._give)
        set_(pycurl.WRITEFUNCTION, self._take)

    def load(self, token: int, body: bytes, begin_by: dt.datetime | None) -> None:
        self.token, self._body, self._begin_by, self._read = token, body, begin_by, False
        self._answer, self._size = [], 0
        self.handle.setopt(pycurl.POSTFIELDSIZE, len(body))

    def _give(self, most: int) -> bytes | int:
        """libcurl asks for the body, right before it writes: from now on it may have left. Asked too late, it gets none."""
        if self._begin_by is not None and now() > self._begin_by:
            return int(pycurl.READFUNC_ABORT)
        self._read = True
        piece, self._body = self._body[:most], self._body[most:]
        return piece

    def _take(self, piece: bytes) -> int:
        self._size += len(piece)
        if self._size > LONGEST_ANSWER_BYTES:
            return 0  # libcurl gives up: this is no answer of Twilio's
        self._answer.append(piece)
        return len(piece)

    def reply(self) -> Reply:
        return Reply(int(self.handle.getinfo(pycurl.RESPONSE_CODE)), b"".join(self._answer), may_have_left=True)

    def failed(self, error: int) -> Reply:
        return Reply(0, b"", may_have_left=self._read, error=f"curl_{error}")


class Transport:
    """Posts form bodies to one address, which shows a certificate of the file `trusted` (none: of certifi's).

    Of the response header `watched` the latest value is kept.
    """

    def __init__(
        self,
        url: str,
        user: str,
        secret: str,
        timeout_seconds: float,
        most_connections: int,
        trusted: str = "",
        watched: bytes = b"",
    ) -> None:
        self._new = partial(_Line, url, user, secret, timeout_seconds, trusted)
        self._watched = watched.lower() + b":"
        self._said = b""
        self._made = 0
        self._multi: Any = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, most_connections)
        self._readiness = Readiness(self._multi)
        self._idle: deque[_Line] = deque()
        self._busy: dict[Any, _Line] = {}

    @property
    def in_flight(self) -> int:
        return len(self._busy)

    def begin(self, token: int, body: bytes, begin_by: dt.datetime | None = None) -> None:
        """Start posting `body`. Its reply comes out of `wait` under `token`.

        Not where the connection takes it after `begin_by` only: a process can be held up anywhere (swap, a paused machine).
        """
        line = self._idle.pop() if self._idle else self._another()
        line.load(token, body, begin_by)
        self._multi.add_handle(line.handle)
        self._busy[line.handle] = line

    def _another(self) -> _Line:
        line = self._new()
        if self._made % WATCHING_ONE_IN == 0:
            line.handle.setopt(pycurl.HEADERFUNCTION, self._see)
        self._made += 1
        return line

    def _see(self, header: bytes) -> None:
        if header.lower().startswith(self._watched):
            self._said = header[len(self._watched) :].strip()

    def last_watched(self) -> bytes:
        """The watched header's latest value since this was last asked; empty if it was not seen."""
        said, self._said = self._said, b""
        return said

    def wait(self, seconds: float) -> list[tuple[int, Reply]]:
        """Replies that are there; waits for something to happen at most this long."""
        self._readiness.keep_time()
        self._readiness.wait(seconds if self._busy else 0.0)
        return self._finished()

    def _finished(self) -> list[tuple[int, Reply]]:
        replies = []
        more = 1
        while more:
            more, done, failed = self._multi.info_read()
            replies += [self._free(handle, None) for handle in done]
            replies += [self._free(handle, error) for handle, error, _message in failed]
        return replies

    def _free(self, handle: Any, error: int | None) -> tuple[int, Reply]:
        line = self._busy.pop(handle)
        reply = line.reply() if error is None else line.failed(error)
        self._multi.remove_handle(handle)
        self._idle.append(line)
        return line.token, reply

    def close(self) -> None:
        """For good. Closing twice does nothing."""
        if self._multi is None:
            return
        for line in (*self._busy.values(), *self._idle):
            if line.handle in self._busy:
                self._multi.remove_handle(line.handle)
            line.handle.close()
        self._busy.clear()
        self._idle.clear()
        self._multi.close()
        self._readiness.close()
        self._multi = None
