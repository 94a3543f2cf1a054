"""What do we ask of a carrier, and what may it answer? The contract that `twilio` keeps.

The answer says exactly one of four things, because only one of them may be followed by a second try without looking first.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.channels.failures import Failure


class Parcel(NamedTuple):
    """One message about to leave. `address` is open here and nowhere else: it is never logged and never kept."""

    delivery_id: int
    address: str
    text: str
    channel: str
    """`sms` or `whatsapp`."""
    valid_seconds: int
    """The carrier drops it by itself after this (promise 5)."""
    begin_by: dt.datetime | None = None
    """After this not a byte of it leaves: it has expired, or its lease ran out and it is another worker's."""
    clip: str = ""
    """Where the carrier fetches a recording that goes with it."""

    def __repr__(self) -> str:
        return f"Parcel({self.delivery_id})"


@dataclass(frozen=True, slots=True)
class Handed:
    """The carrier has it, under this sid."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier does not take it. What follows is in the failure."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing was accepted, for certain: 429, or no byte of it left. It may be sent again."""

    why: str
    too_many: bool = False
    """429: the carrier is there, and has enough of us for the moment."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been accepted: time-out, 5xx, reset. Looked up before anything is sent again."""

    why: str


Outcome = Handed | Refused | Again | Unknown


class Carrier(Protocol):
    """Many messages in flight, one thread. What `begin` took comes back from `wait` exactly once."""

    @property
    def in_flight(self) -> int: ...

    def begin(self, parcel: Parcel) -> None:
        """Start handing it over. Returns at once."""

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        """What came of messages in flight (delivery id, outcome), waiting for the first of them at most this long."""

    def concurrent(self) -> int | None:
        """How many requests the whole account has in flight by the carrier's own count, if it has said so since the last call."""

    def close(self) -> None:
        """Drop every connection. What is in flight is then unknown."""
