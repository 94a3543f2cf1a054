"""What travels in a form between two steps, so that nothing half-done is kept here? Encrypted, and bound to whom it is for."""

import base64
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.clock import ahead, now
from bot.privacy.keys import key

_NONCE_BYTES = 12


def sealed(facts: dict[str, Any], bound_to: str, *, minutes: float) -> str:
    """The facts as a form field that opens for `bound_to` only, for so many minutes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    until = ahead(minutes=minutes).timestamp()
    body = _cipher().encrypt(nonce, json.dumps([until, facts]).encode(), bound_to.encode())
    return base64.urlsafe_b64encode(nonce + body).decode()


def opened(field: str, bound_to: str) -> dict[str, Any] | None:
    """The facts again; `None` when it was not ours, not for this one, or is too old."""
    try:
        raw = base64.urlsafe_b64decode(field)
        until, facts = json.loads(_cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode()))
    except (InvalidTag, ValueError):
        return None
    return dict(facts) if until > now().timestamp() else None


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(key("console_secret_key"), b"carried|v1", "sha256"))
