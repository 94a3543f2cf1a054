"""How is a number kept so that nobody can read it? Sealed with a public key, found by a keyed tag.

The web process seals and finds; only a worker, which alone has the private key, opens. Opening
a seal costs 40 us, so a worker *locks* it soon after it came: AES-GCM, bound to the contact's row, under a key derived from
the private key, which opens in 1 us.
An *address* is a number in E.164 (`+13235550101`) or, for a WhatsApp person who shows no number, their business-scoped id
(`whatsapp:US.abc...`, Twilio's spelling of it).
"""

import hmac
import re
import secrets
from functools import lru_cache

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.privacy.keys import key

VERSION = b"\x01"
_SCOPED_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,128}")
_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")
_TAG_BYTES = 32
_NONCE_BYTES = 12
_BODY_FROM = len(VERSION) + _NONCE_BYTES


class NotAnAddress(ValueError):
    """What was given is no number and no WhatsApp id. The message never repeats it."""


class CannotOpen(RuntimeError):
    """A sealed number does not open with our key, or belongs to another row."""


def address(raw: str) -> str:
    """Any spelling of a number or WhatsApp id -> the one spelling we tag and seal. Raises `NotAnAddress`."""
    bare = raw.strip().removeprefix("whatsapp:")
    if _NORTH_AMERICAN.fullmatch(bare):
        return bare  # as the carrier spells nearly all of them: nothing to parse
    if _SCOPED_ID.fullmatch(bare):
        return f"whatsapp:{bare}"
    try:
        number = phonenumbers.parse(bare, "US")
    except phonenumbers.NumberParseException:
        raise NotAnAddress("not a phone number or WhatsApp id") from None
    if not phonenumbers.is_possible_number(number):
        raise NotAnAddress("not a possible phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_code(address_: str) -> str | None:
    """`1` for North America; `None` for a WhatsApp id."""
    if address_.startswith("whatsapp:"):
        return None
    if address_.startswith("+1"):  # no longer code begins with it
        return "1"
    return str(phonenumbers.parse(address_).country_code)


def tag(address_: str) -> bytes:
    """The keyed mark under which a contact is found (32 bytes)."""
    return hmac.digest(key("number_tag_key"), b"contact|v1|" + address_.encode(), "sha256")


def ledger_tag(address_: str) -> bytes:
    """The keyed mark in the consent ledger: another key, so that the two tables cannot be joined without both."""
    return hmac.digest(key("ledger_tag_key"), b"ledger|v1|" + address_.encode(), "sha256")


def seal(address_: str) -> bytes:
    """The address, readable only with the private key, bound to its own tag."""
    return VERSION + _box().encrypt(tag(address_) + address_.encode())


def open_sealed(sealed: bytes, expected_tag: bytes) -> str:
    """The address in `sealed`, for a worker about to send. Raises `CannotOpen`, also when moved to another row."""
    if sealed[:1] != VERSION:
        raise CannotOpen("sealed by an unknown version")
    try:
        plain = _opener().decrypt(sealed[1:])
    except CryptoError:
        raise CannotOpen("this key does not open it") from None
    if not hmac.compare_digest(plain[:_TAG_BYTES], expected_tag):
        raise CannotOpen("the sealed number belongs to another contact")
    return plain[_TAG_BYTES:].decode()


def lock(address_: str, contact_id: int, tag_: bytes) -> bytes:
    """The address for the row of this contact alone, readable only by workers."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return VERSION + nonce + _cipher().encrypt(nonce, address_.encode(), _row(contact_id, tag_))


def unlock(locked: bytes, contact_id: int, tag_: bytes) -> str:
    """The address in `locked`. Raises `CannotOpen`, also when it was moved to another row."""
    if locked[:1] != VERSION:
        raise CannotOpen("locked by an unknown version")
    try:
        return _cipher().decrypt(locked[1:_BODY_FROM], locked[_BODY_FROM:], _row(contact_id, tag_)).decode()
    except InvalidTag:
        raise CannotOpen("this key does not open it, or it belongs to another contact") from None


def opened(contact_id: int, tag_: bytes, sealed: bytes | None, locked: bytes | None) -> str:
    """The address of a contact, in whichever form its row has it. Raises `CannotOpen`."""
    if locked is not None:
        return unlock(locked, contact_id, tag_)
    if sealed is None:
        raise CannotOpen("there is no number in this row")
    return open_sealed(sealed, tag_)


def _row(contact_id: int, tag_: bytes) -> bytes:
    return b"contact|%d|" % contact_id + tag_


def _cipher() -> AESGCM:
    return _cipher_for(key("number_private_key"))


@lru_cache(maxsize=4)
def _cipher_for(private: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"contigo contact lock v1").derive(private)
    return AESGCM(derived)


def _box() -> "SealedBox[PublicKey]":
    return _box_for(key("number_public_key"))


def _opener() -> "SealedBox[PrivateKey]":
    return _opener_for(key("number_private_key"))


@lru_cache(maxsize=4)
def _box_for(public: bytes) -> "SealedBox[PublicKey]":
    return SealedBox(PublicKey(public))


@lru_cache(maxsize=4)
def _opener_for(private: bytes) -> "SealedBox[PrivateKey]":
    return SealedBox(PrivateKey(private))
