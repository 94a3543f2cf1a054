"""How long is a text, as a phone network counts it?"""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from smsutil import split


class Text(NamedTuple):
    """A body, counted once and shared by every message that carries it."""

    body: str
    encoding: str
    segments: int
    units: int
    """Septets (an extension character counts two) or UTF-16 units."""
    hash: str
    """Short name of the body, to count copies by."""


@lru_cache(maxsize=8192)
def measure(body: str) -> Text:
    digest = blake2b(body.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    if not body:
        return Text("", "GSM-7", 1, 0, digest)
    counted = split(body)
    gsm = counted.encoding == "gsm0338"
    units = counted.total_bytes if gsm else counted.total_bytes // 2
    return Text(body, "GSM-7" if gsm else "UCS-2", len(counted.parts), units, digest)
