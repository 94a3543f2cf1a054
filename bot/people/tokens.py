"""How is a secret in a link or a cookie made, and what of it does the database keep? Random bits there, their hash here."""

import hashlib
import secrets

TOKEN_BYTES = 32


def fresh() -> str:
    """256 random bits, as they stand in an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> bytes:
    """What is kept of it: 32 bytes. So many random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
