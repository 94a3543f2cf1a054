"""Did Twilio sign this request? Asked against the address we gave Twilio, never against the one a request claims.

Twilio's own validator raises on a missing header and compares in Python; so we compute with it and compare ourselves. Its
scheme joins names and values without a separator (facts/security.md T10): whoever calls this must also hold the parameters to
their patterns. HMAC-SHA1 with the auth token, or HMAC-SHA256 with a shared key that the request names.
"""

import base64
import hmac
from collections.abc import Iterator
from hashlib import sha1, sha256
from typing import Any, Protocol
from urllib.parse import urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    get_signature_algorithm,
)

from bot.settings import Settings

_DIGESTS: dict[str, Any] = {HMAC_SHA1: sha1, HMAC_SHA256: sha256}
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Form(Protocol):
    """werkzeug's MultiDict, or what stands in for it."""

    def keys(self) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


class Headers(Protocol):
    def get(self, key: str, /) -> Any: ...


def is_genuine(path_and_query: str, form: Form, headers: Headers, of: Settings) -> bool:
    """Whether one of our secrets signed this request for `path_and_query` (`/twilio/inbound?x=1`). Never raises."""
    given = headers.get(SIGNATURE_HEADER) or ""
    named = str(headers.get(SIGNATURE_SETTINGS_HEADER) or "")
    try:
        claimed = base64.b64decode(str(given), validate=True)
        said = _said(form)
        algorithm = get_signature_algorithm(named).upper()
        secrets = [secret.encode() for secret in _secrets(algorithm, named, of)]
        addresses = [address.encode() + said for address in _addresses(of.public_base_url, path_and_query)]
    except ValueError:  # no base64, or text that is no UTF-8 (a lone surrogate)
        return False
    matches = [
        hmac.compare_digest(hmac.new(secret, text, _DIGESTS[algorithm]).digest(), claimed)
        for secret in secrets
        for text in addresses
    ]
    return any(matches)


def _said(form: Form) -> bytes:
    """Every name with each of its values, sorted, repeats once: as Twilio does it."""
    return "".join(
        name + value for name in sorted(set(form.keys())) for value in sorted(set(form.getlist(name)))
    ).encode()


def _secrets(algorithm: str, named: str, of: Settings) -> list[str]:
    """Auth tokens for the old scheme; for the new one only the key that the request names."""
    if algorithm == HMAC_SHA1:
        return [token for token in of.twilio_auth_token if token]
    if algorithm != HMAC_SHA256:
        return []
    fields = dict(part.strip().partition("=")[::2] for part in named.split(","))
    keys = dict(entry.partition(":")[::2] for entry in of.twilio_webhook_shared_keys)
    secret = keys.get(fields.get("key", ""))
    return [secret] if secret else []


def _addresses(base: str, path_and_query: str) -> Iterator[str]:
    """The address with and without its port: Twilio signs either ("inconsistent", says its SDK)."""
    parts = urlsplit(base)
    host = parts.netloc.rpartition("@")[2]
    bare = host.partition(":")[0]
    before = parts.netloc[: len(parts.netloc) - len(host)]
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
    root = parts.path.rstrip("/")
    for netloc in (f"{before}{bare}", f"{before}{bare}:{port}"):
        yield f"{parts.scheme}://{netloc}{root}{path_and_query}"
