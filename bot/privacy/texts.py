"""How is what people wrote and photographed kept? Encrypted, bound to its row; a copied ciphertext opens nowhere else."""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy.keys import key

VERSION = b"\x01"
_NONCE_BYTES = 12


class CannotRead(RuntimeError):
    """The text does not open with our key, or was moved from another row."""


def lock(text: str, row: str) -> bytes:
    """`text` encrypted for the row named `row` (such as `inbox:SM...`)."""
    return lock_bytes(text.encode("utf-8", "surrogatepass"), row)


def unlock(locked: bytes, row: str) -> str:
    """The text again. Raises `CannotRead`."""
    return unlock_bytes(locked, row).decode("utf-8", "surrogatepass")


def lock_bytes(raw: bytes, row: str) -> bytes:
    """The same of anything else."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return VERSION + nonce + _cipher(key("text_key")).encrypt(nonce, raw, row.encode())


def unlock_bytes(locked: bytes, row: str) -> bytes:
    """What was locked. Raises `CannotRead`."""
    nonce, body = locked[1 : 1 + _NONCE_BYTES], locked[1 + _NONCE_BYTES :]
    try:
        return _cipher(key("text_key")).decrypt(nonce, body, row.encode())
    except InvalidTag:
        raise CannotRead("wrong key or wrong row") from None


@lru_cache(maxsize=4)
def _cipher(raw: bytes) -> AESGCM:
    return AESGCM(raw)
