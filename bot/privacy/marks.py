"""How is something remembered of a number in a table that cannot be joined to the list of contacts? Under a mark for one purpose.

Each purpose has a key of its own, derived from the tag key: who has the database alone can join none of these tables, neither
with the contacts nor with each other. (Who has the tag key as well can try numbers: `docs/privacy.md` says so of tags.)
"""

import hmac
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.privacy.keys import key


def mark(purpose: str, tag: bytes) -> bytes:
    """The mark of the contact with this tag, for this purpose."""
    return hmac.digest(_key_for(key("number_tag_key"), purpose), tag, "sha256")


def marked_for(purpose: str) -> dict[str, Any]:
    """A column's `info`: it holds such marks. DELETE finds the row by it (`stewardship.forget`)."""
    return {"marked_for": purpose}


@lru_cache(maxsize=16)
def _key_for(tag_key: bytes, purpose: str) -> bytes:
    info = f"contigo mark v1 {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(tag_key)
