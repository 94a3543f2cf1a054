"""Did Twilio sign this request? Asked against the address we gave Twilio, never against the one a request claims.

Twilio's own validator raises on a missing header and compares in Python; so we compute and compare ourselves, and its vectors are
our tests. Its scheme joins names and values without a separator (docs/threat-model.md T10): whoever calls this must also hold the
parameters to their patterns. HMAC-SHA1 with the auth token, or HMAC-SHA256 with a shared key that the request names.
"""

import base64
import hmac
from collections.abc import Iterable
from functools import lru_cache
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

SIGNED_BY = (SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER)
"""The headers that a signature is read from."""
_DIGESTS = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Form(Protocol):
    """werkzeug's MultiDict, or what stands in for it."""

    def items(self, multi: bool = ...) -> Iterable[tuple[str, str]]: ...


class Headers(Protocol):
    def get(self, key: str, /) -> Any: ...


def is_genuine(path_and_query: str, form: Form, headers: Headers, of: Settings) -> bool:
    """Whether one of our secrets signed this request for `path_and_query` (`/twilio/inbound?x=1`). Never raises."""
    return has_signed(path_and_query, form.items(multi=True), headers, of)


def has_signed(path_and_query: str, pairs: Iterable[tuple[str, str]], headers: Headers, of: Settings) -> bool:
    """The same of a form that is still names and values."""
    named = str(headers.get(SIGNATURE_SETTINGS_HEADER) or "")
    algorithm = get_signature_algorithm(named).upper()
    try:
        claimed = str(headers.get(SIGNATURE_HEADER) or "").encode("ascii")
        signed = (path_and_query + _said(pairs)).encode()
    except UnicodeError:  # no base64, or text that is no UTF-8 (a lone surrogate)
        return False
    return any(
        hmac.compare_digest(base64.b64encode(hmac.digest(secret, root + signed, _DIGESTS[algorithm])), claimed)
        for root in _roots(of.public_base_url)
        for secret in _secrets(algorithm, named, of)
    )


def _said(pairs: Iterable[tuple[str, str]]) -> str:
    """Every name with each of its values, sorted, repeats once: as Twilio does it."""
    return "".join([name + value for name, value in sorted(set(pairs))])


def _secrets(algorithm: str, named: str, of: Settings) -> list[bytes]:
    """Auth tokens for the old scheme; for the new one only the key that the request names."""
    if algorithm == HMAC_SHA1:
        return [token.encode() for token in of.twilio_auth_token if token]
    if algorithm != HMAC_SHA256:
        return []
    fields = dict(part.strip().partition("=")[::2] for part in named.split(","))
    keys = dict(entry.partition(":")[::2] for entry in of.twilio_webhook_shared_keys)
    secret = keys.get(fields.get("key", ""))
    return [secret.encode()] if secret else []


@lru_cache(maxsize=4)
def _roots(base: str) -> tuple[bytes, ...]:
    """What our addresses begin with, as set and with or without the port: Twilio signs either ("inconsistent", says its SDK)."""
    parts = urlsplit(base)
    host = parts.netloc.rpartition("@")[2]
    bare = host.partition(":")[0]
    before = parts.netloc[: len(parts.netloc) - len(host)]
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
    hosts = [f"{bare}:{port}", bare] if parts.port else [bare, f"{bare}:{port}"]
    return tuple(f"{parts.scheme}://{before}{host}{parts.path.rstrip('/')}".encode() for host in hosts)
