"""Does this six-digit code prove that the person holds their phone? RFC 6238, each code once, the secret sealed at rest."""

import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.people.models import Person
from bot.privacy.keys import key

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be this many steps ahead or behind."""
ISSUER = "Contigo"

VERSION = b"\x01"
_NONCE_BYTES = 12


def fresh() -> str:
    """A new secret, as authenticator apps take it."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What the QR code says (`otpauth://`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(secret: str, name: str) -> str:
    """The QR code as an image's `src`. Dark on white in either theme, or cameras miss it."""
    uri: str = segno.make(address(secret, name), error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return uri


def code_at(secret: str, moment: datetime) -> str:
    """The code an authenticator shows at that moment."""
    return pyotp.HOTP(secret).at(_step_of(moment))


def step(secret: str, code: str) -> int | None:
    """The 30-second step this code belongs to, if it is one of now."""
    typed = "".join(code.split())
    middle = _step_of(now())
    found = None
    for candidate in range(middle - DRIFT_STEPS, middle + DRIFT_STEPS + 1):
        if hmac.compare_digest(pyotp.HOTP(secret).at(candidate).encode(), typed.encode("utf-8", "replace")):
            found = candidate
    return found


def accept(session: Session, person: Person, code: str) -> bool:
    """Take the code once. The last accepted *step* is remembered, so that no older code of the window can follow it."""
    if person.totp_sealed is None:
        return False
    accepted = step(opened(person.totp_sealed, person.id), code)
    if accepted is None:
        return False
    taken = session.execute(
        update(Person)
        .where(Person.id == person.id, Person.totp_last_step < accepted)
        .values(totp_last_step=accepted)
        .execution_options(synchronize_session=False)
    )
    session.refresh(person, ["totp_last_step"])
    return taken.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def sealed(secret: str, person_id: int) -> bytes:
    """The secret as it is kept: opens for this person's row only."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return VERSION + nonce + _cipher().encrypt(nonce, secret.encode(), _row(person_id))


def opened(kept: bytes, person_id: int) -> str:
    """The secret again. Raises `InvalidTag` when the key is another, or the row."""
    if kept[:1] != VERSION:
        raise InvalidTag
    return _cipher().decrypt(kept[1 : 1 + _NONCE_BYTES], kept[1 + _NONCE_BYTES :], _row(person_id)).decode()


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(key("console_secret_key"), b"totp|v1", "sha256"))


def _row(person_id: int) -> bytes:
    return f"person:{person_id}".encode()


def _step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS
