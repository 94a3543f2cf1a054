"""Which pictures and sounds travel with a text?"""

from __future__ import annotations

import base64
import binascii
import random
import re
from dataclasses import dataclass
from typing import Any

from simulator.messages import Message, new_sid, rfc2822

KIND = re.compile(r"[\w.+-]+/[\w.+-]+\Z", re.ASCII)
UNSEEN = "application/octet-stream"
"""The kind of what was not fetched yet."""
LARGEST = 5 * 1024 * 1024
MOST = 10


class BadMedium(ValueError):
    """A medium that cannot be taken; its text says why."""


@dataclass(slots=True)
class Medium:
    """`data` for what a phone sent, or what was collected; `url` for what a client asked Twilio to fetch and send."""

    sid: str
    content_type: str
    data: bytes = b""
    url: str = ""

    def view(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "content_type": self.content_type,
            "url": f"/simulator/media/{self.sid}" if self.data or not self.url else self.url,
        }

    def resource(self, account: str, message: Message) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": account,
            "parent_sid": message.sid,
            "content_type": self.content_type,
            "date_created": rfc2822(message.created),
            "date_updated": rfc2822(message.updated),
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}/Media/{self.sid}.json",
        }


def read_media(given: list[dict[str, str]], rng: random.Random) -> tuple[Medium, ...]:
    """From the control API: `[{content_type, data (base64)}]`."""
    if len(given) > MOST:
        raise BadMedium(f"at most {MOST} media")
    media = []
    for row in given:
        try:
            data = base64.b64decode(row["data"], validate=True)
        except (KeyError, binascii.Error) as error:
            raise BadMedium("each medium needs content_type and data (base64)") from error
        if len(data) > LARGEST:
            raise BadMedium("a medium is at most 5 MB")
        kind = row.get("content_type", "application/octet-stream")
        if not KIND.match(kind):
            raise BadMedium("content_type must be as in image/jpeg")
        media.append(Medium(new_sid("ME", rng), kind, data))
    return tuple(media)
