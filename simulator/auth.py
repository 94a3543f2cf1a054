"""Who may call the API, and how are our own requests signed?"""

import base64
import hmac
from binascii import Error as BadBase64
from collections.abc import Iterable
from hashlib import sha1, sha256

from simulator.config import Config
from simulator.refusals import Refusal

SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


class Door:
    """Basic auth with the account's sid and any of its tokens, or an API key."""

    def __init__(self, config: Config) -> None:
        pairs = [(config.account_sid, token) for token in config.auth_tokens]
        if config.api_key_sid and config.api_key_secret:
            pairs.append((config.api_key_sid, config.api_key_secret))
        self._known = {base64.b64encode(f"{user}:{secret}".encode()).decode() for user, secret in pairs}
        self.account = config.account_sid

    def check(self, header: str, account: str) -> None:
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "basic" or self._canonical(given.strip()) not in self._known:
            raise Refusal(20003)
        if account != self.account:
            raise Refusal(20404, f"/2010-04-01/Accounts/{account}")

    def _canonical(self, given: str) -> str:
        if given in self._known:
            return given
        try:
            return base64.b64encode(base64.b64decode(given, validate=True)).decode()
        except (BadBase64, ValueError):
            return ""


def signed_text(url: str, params: Iterable[tuple[str, str]]) -> str:
    """The address without its fragment, then every name and value, sorted, repeated pairs once."""
    return url.partition("#")[0] + "".join(name + value for name, value in sorted(set(params)))


def _mac(secret: str, text: str, algorithm: str) -> str:
    digest = sha256 if algorithm == "HMAC_SHA256" else sha1
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


def signature_headers(config: Config, url: str, params: Iterable[tuple[str, str]]) -> dict[str, str]:
    """SHA-1 with the primary auth token, or SHA-256 with a shared key when one is set."""
    text = signed_text(url, params)
    key_id, _, secret = config.shared_key.partition(":")
    if secret:
        settings = f"key={key_id},algorithm=HMAC_SHA256"
        return {SIGNATURE: _mac(secret, text, "HMAC_SHA256"), SIGNATURE_SETTINGS: settings}
    return {SIGNATURE: _mac(config.auth_tokens[0], text, "HMAC_SHA1")}
