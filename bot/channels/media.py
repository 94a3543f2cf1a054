"""How is a picture that somebody sent fetched from the carrier, and deleted there? Never from an address that was handed to us.

Twilio answers with a redirect to its file store (`mms.twiliocdn.com`, for four hours: its help page on media authentication), so
a redirect is followed, without our credentials, and to no private address, whatever the name resolves to by then. Which addresses
those may be is `media_address`'s to say (docs/threat-model.md T16).
"""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import certifi
import pycurl

from bot.channels import media_address
from bot.channels.twilio import credentials
from bot.settings import settings

LARGEST_BYTES = 5 * 1024 * 1024
"""What Twilio takes from a phone (its page on media types)."""
LONGEST_SECONDS = 10.0
GONE = "gone"
MOST_REDIRECTS = 2
MOST_HEADERS = 100
REDIRECTS = (301, 302, 303, 307, 308)


class Medium(NamedTuple):
    """One thing that came with a text: its kind (`image/jpeg`), and the carrier's name for it where it has one."""

    kind: str
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Its bytes, as whoever sent it made them: nobody may look at them but `photos.cleaning`."""

    content: bytes

    def __repr__(self) -> str:
        return f"Fetched({len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; it may come another time."""

    why: str


@dataclass(frozen=True, slots=True)
class Never:
    """It will not come: gone, too large, or it leads where we do not go."""

    why: str


Outcome = Fetched | Later | Never


def fetch(message_sid: str, media_sid: str) -> Outcome:
    """The bytes of one medium. Waits at most `LONGEST_SECONDS`; never raises for what the other end does."""
    ends = time.monotonic() + LONGEST_SECONDS
    address, trip = media_address.of(message_sid, media_sid), _Trip(of_the_api=True)
    for _ in range(1 + MOST_REDIRECTS):
        trip.go("GET", address, ends)
        if trip.status not in REDIRECTS:
            return trip.outcome()
        onwards = media_address.onwards(trip.location)
        if onwards is None:
            return Never("leads_elsewhere")
        address, trip = onwards, _Trip(of_the_api=media_address.is_the_api(onwards), signed_in=False)
    return Never("leads_on_and_on")


def delete(message_sid: str, media_sid: str) -> bool:
    """Whether the carrier has it no longer."""
    trip = _Trip(of_the_api=True)
    trip.go("DELETE", media_address.of(message_sid, media_sid) + ".json", time.monotonic() + LONGEST_SECONDS)
    return trip.status in (204, 404, 410)


@dataclass(slots=True)
class _Trip:
    """One request, there and back. `of_the_api`: the host is the configured one, wherever that is."""

    of_the_api: bool
    signed_in: bool = True
    status: int = 0
    location: str = ""
    trouble: str = ""
    _pieces: list[bytes] = field(default_factory=list)
    _size: int = 0
    _headers: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)

    def go(self, method: str, address: str, ends: float) -> None:
        left_ms = int((ends - time.monotonic()) * 1000)
        if left_ms <= 0:
            self.trouble = "slow"
            return
        handle = self._handle(method, address, left_ms)
        try:
            handle.perform()
            self.status = int(handle.getinfo(pycurl.RESPONSE_CODE))
        except pycurl.error as error:
            too_large = error.args[0] == pycurl.E_FILESIZE_EXCEEDED
            self.trouble = self.trouble or ("too_large" if too_large else f"curl_{error.args[0]}")
        finally:
            handle.close()
            for opened in self._sockets:
                opened.close()  # libcurl had a copy of its own

    def outcome(self) -> Outcome:
        """What it means for the medium."""
        if self.trouble in ("too_large", "private_address"):
            return Never(self.trouble)
        if self.trouble or self.status in (0, 401, 403, 408, 429) or self.status >= 500:
            return Later(self.trouble or f"http_{self.status}")
        if self.status == 200:
            return Fetched(b"".join(self._pieces)) if self._size else Later("empty")
        return Never(GONE if self.status in (404, 410) else f"http_{self.status}")

    def _handle(self, method: str, address: str, left_ms: int) -> Any:
        handle = pycurl.Curl()
        set_ = handle.setopt
        set_(pycurl.URL, address)
        set_(pycurl.CUSTOMREQUEST, method)
        set_(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS if address.startswith("https:") else pycurl.PROTO_HTTP)
        set_(pycurl.FOLLOWLOCATION, 0)
        set_(pycurl.PROXY, "")  # the address checked below must be the one it leads to
        set_(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        set_(pycurl.USERAGENT, "contigo")
        set_(pycurl.CAINFO, settings().twilio_ca_file or certifi.where())
        set_(pycurl.NOSIGNAL, 1)
        set_(pycurl.TIMEOUT_MS, left_ms)
        set_(pycurl.MAXFILESIZE, LARGEST_BYTES)
        set_(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        set_(pycurl.HEADERFUNCTION, self._see)
        set_(pycurl.WRITEFUNCTION, self._take)
        if self.signed_in:
            set_(pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC)
            set_(pycurl.USERPWD, ":".join(credentials(settings())))
        return handle

    def _open_socket(self, _purpose: int, to: Sequence[Any]) -> Any:
        """Asked with the address that is about to be connected to, after the name was resolved: nothing can change in between."""
        family, kind, protocol, peer = to
        if not self.of_the_api and not media_address.is_public(str(peer[0])):
            self.trouble = "private_address"
            return pycurl.SOCKET_BAD
        self._sockets.append(socket.socket(family, kind, protocol))
        return self._sockets[-1]

    def _see(self, line: bytes) -> int | None:
        self._headers += 1
        if self._headers > MOST_HEADERS:
            return 0
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"location":
            self.location = value.strip().decode("latin-1")
        return None

    def _take(self, piece: bytes) -> int:
        self._size += len(piece)
        if self._size > LARGEST_BYTES:
            self.trouble = "too_large"
            return 0
        self._pieces.append(piece)
        return len(piece)
