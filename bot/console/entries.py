"""One line of an incident's timeline: what does it hold?"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """When, what in words, what somebody added, and where it leads."""

    at: dt.datetime
    kind: str
    words: str
    added: str = ""
    incident_id: int | None = None
