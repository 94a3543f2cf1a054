"""What is one message, and how does Twilio's API show it?"""

from __future__ import annotations

import random
from functools import lru_cache
from time import gmtime, strftime
from typing import TYPE_CHECKING, Any

from simulator.segments import Text

if TYPE_CHECKING:
    from simulator.media import Medium
    from simulator.senders import Sender

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received", "read"})
LONGEST_BODY = 1600
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def new_sid(prefix: str, rng: random.Random) -> str:
    return f"{prefix}{rng.getrandbits(128):032x}"


@lru_cache(maxsize=1024)
def _rfc2822(second: int) -> str:
    moment = gmtime(second)
    day, month = DAYS[moment.tm_wday], MONTHS[moment.tm_mon - 1]
    return f"{day}, {moment.tm_mday:02d} {month} {strftime('%Y %H:%M:%S', moment)} +0000"


def rfc2822(moment: float | None) -> str | None:
    return None if moment is None else _rfc2822(int(moment))


class Message:
    """One text, in or out. Slots and no tasks: there may be a hundred thousand of them."""

    __slots__ = (
        "arrived",
        "callback",
        "channel",
        "created",
        "deadline",
        "deleted",
        "departed",
        "direction",
        "error_code",
        "fault",
        "free_form",
        "from_",
        "listed",
        "media",
        "origin",
        "page_ended",
        "phone",
        "pin",
        "redacted",
        "send_at",
        "sender",
        "sent",
        "seq",
        "service",
        "sid",
        "status",
        "text",
        "to",
        "updated",
    )  # fmt: skip

    def __init__(self, sid: str, direction: str, origin: str, to: str, from_: str, text: Text, now: float) -> None:
        self.seq = self.departed = 0
        self.page_ended: tuple[int, int] | None = None
        """Its place when a page of the list ended with it: the next page goes on there, wherever it stands by then."""
        self.sid = sid
        self.direction = direction
        self.origin = origin
        """Who asked for it: `client`, `twiml`, `twilio` (an opt-out answer), `rogue`, or `phone`."""
        self.to = to
        self.from_ = from_
        other = from_ if direction == "inbound" else to
        self.phone = other.removeprefix("whatsapp:")
        """The person's number or WhatsApp id, whichever way the text went."""
        self.channel = "whatsapp" if other.startswith("whatsapp:") else "sms"
        self.text = text
        self.media: tuple[Medium, ...] = ()
        self.service = ""
        self.sender: Sender | None = None
        self.status = "queued"
        self.error_code: int | None = None
        self.created = now
        self.updated = now
        self.sent: float | None = None
        self.arrived: float | None = None
        self.listed = now
        self.deadline = 0.0
        self.send_at: float | None = None
        self.callback = ""
        self.redacted = False
        self.deleted = False
        self.free_form = True
        self.pin = ""
        self.fault: tuple[str, int] | None = None
        """The end chosen for it by a fault: (undelivered or failed, error code)."""

    @property
    def segments(self) -> int:
        """Twilio says 1 for everything but SMS."""
        return self.text.segments if self.channel == "sms" and not self.media else 1

    @property
    def place(self) -> tuple[int, int]:
        """Where the list shows it: smaller is nearer the top."""
        return (1, -self.departed) if self.departed else (0, -self.seq)

    def resource(self, account: str) -> dict[str, Any]:
        """As GET Messages/{sid}.json answers."""
        base = f"/2010-04-01/Accounts/{account}/Messages/{self.sid}"
        unassigned = self.service and self.sender is None
        priced = self.sent is not None and self.status != "failed"
        return {
            "body": "" if self.redacted else self.text.body,
            "num_segments": "0" if unassigned else str(self.segments),
            "direction": self.direction,
            "from": self.from_ or None,
            "date_updated": rfc2822(self.updated),
            "price": f"{-0.0083 * self.segments:.5f}" if priced else None,
            "error_message": error_text(self.error_code),
            "uri": base + ".json",
            "account_sid": account,
            "num_media": str(len(self.media)),
            "to": self.to,
            "date_created": rfc2822(self.created),
            "status": self.status,
            "sid": self.sid,
            "date_sent": rfc2822(self.sent),
            "messaging_service_sid": self.service or None,
            "error_code": self.error_code,
            "price_unit": "USD" if priced else None,
            "api_version": "2010-04-01",
            "subresource_uris": {"media": base + "/Media.json", "feedback": base + "/Feedback.json"},
        }

    def view(self) -> dict[str, Any]:
        """As the control API and the page show it: what really happened, whatever was redacted or deleted."""
        return {
            "seq": self.seq, "sid": self.sid, "direction": self.direction, "origin": self.origin,
            "to": self.to, "from": self.from_, "phone": self.phone, "channel": self.channel,
            "body": self.text.body, "hash": self.text.hash, "encoding": self.text.encoding, "units": self.text.units,
            "segments": self.segments, "media": [medium.view() for medium in self.media],
            "status": self.status, "error_code": self.error_code, "error": error_text(self.error_code),
            "created": self.created, "sent": self.sent, "arrived": self.arrived, "updated": self.updated,
            "pin": self.pin, "redacted": self.redacted, "deleted": self.deleted, "service": self.service,
        }  # fmt: skip


ERROR_TEXTS = {
    14107: "Message rate limit for replies between two numbers exceeded",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30017: "Carrier network congestion",
    30022: "US A2P 10DLC - Rate Limits Exceeded",
    30023: "US A2P 10DLC - Daily Message Cap Reached",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30036: "Validity Period Expired",
    30410: "Provider Timeout Error",
    30500: "Twilio Internal Error",
    63003: "Channel could not find To address",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63024: "Invalid message recipient",
}


def error_text(code: int | None) -> str | None:
    return None if code is None else ERROR_TEXTS.get(code, f"Error {code}")
