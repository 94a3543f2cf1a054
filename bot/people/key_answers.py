"""What does a device's answer say of itself? Read from a stranger's bytes, before anything of it is believed."""

import json
from dataclasses import dataclass
from typing import Any

from webauthn.helpers import base64url_to_bytes, parse_client_data_json

LONGEST = 16 * 1024


@dataclass(frozen=True)
class Answer:
    """`given` is what the library checks; the rest is what it says it answers, with which key, and for whom."""

    given: dict[str, Any]
    question: bytes
    credential_id: bytes
    handle: bytes | None
    """Whom the device says it knows. `None`: it does not say (a stick with few places)."""


NOTHING = Answer({}, b"", b"", None)


def read(sent: str) -> Answer:
    """The answer, or `NOTHING`, which no rule lets in."""
    try:
        given = json.loads(sent) if len(sent) <= LONGEST else {}
        response = given["response"]
        question = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"])).challenge
        handle = response.get("userHandle")
        return Answer(
            given, question, base64url_to_bytes(given["rawId"]), base64url_to_bytes(handle) if handle else None
        )
    except Exception:  # noqa: BLE001  whatever the parsers meet in it: it is no answer
        return NOTHING
