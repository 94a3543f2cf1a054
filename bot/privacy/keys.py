"""Which secrets are there, and how is a fresh set made? What each one opens, and its loss, is in `docs/keys.md`."""

import base64
import secrets
from functools import lru_cache

from nacl.public import PrivateKey
from pydantic import SecretStr

from bot.settings import settings

SYMMETRIC = ("number_tag_key", "ledger_tag_key", "text_key", "console_secret_key")


class KeyMissing(RuntimeError):
    """A key this process needs is not set. The message names the setting, never a value."""


def fresh() -> dict[str, str]:
    """A new, unrelated set of keys as environment lines (name -> base64)."""
    private = PrivateKey.generate()
    pair = {
        "NUMBER_PUBLIC_KEY": base64.b64encode(bytes(private.public_key)).decode(),
        "NUMBER_PRIVATE_KEY": base64.b64encode(bytes(private)).decode(),
    }
    return pair | {name.upper(): base64.b64encode(secrets.token_bytes(32)).decode() for name in SYMMETRIC}


def key(name: str) -> bytes:
    """The 32 bytes of a key by its setting's name. Raises `KeyMissing`."""
    value = getattr(settings(), name)
    return _decoded(name, value.get_secret_value() if isinstance(value, SecretStr) else value)


@lru_cache(maxsize=32)
def _decoded(name: str, value: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise KeyMissing(f"{name.upper()} is not set, or is not 32 bytes in base64: `python -m bot keys` makes a set")
    return raw


def trouble() -> list[str]:
    """What is wrong with the keys, in words; empty when nothing is. Equal keys would make unlinkable tags linkable."""
    wrong = []
    seen: dict[bytes, str] = {}
    for name in ("number_public_key", *SYMMETRIC):
        try:
            value = key(name)
        except KeyMissing as missing:
            wrong.append(str(missing))
            continue
        if value in seen:
            wrong.append(f"{name.upper()} equals {seen[value].upper()}: every key must be its own")
        seen[value] = name
    return wrong
