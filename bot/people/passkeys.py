"""Which devices does somebody come in with? Asked, added, listed, removed. That an answer is theirs: `people.key_proofs`."""

import secrets

import webauthn
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.clock import now
from bot.people import challenges, key_address, key_answers, open_questions, throttle
from bot.people.key_models import Passkey, Purpose
from bot.people.models import Person
from bot.privacy import audit

HERE = "Contigo"
HANDLE_BYTES = 32
KEYS_EACH = 8
NAME_LENGTH = 40
_OWNER_KNOWN = UserVerificationRequirement.REQUIRED
_TIMEOUT = challenges.MINUTES * 60_000


def of(session: Session, person: Person) -> list[Passkey]:
    """This person's keys, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)))


def has_any(session: Session, person: Person) -> bool:
    return bool(session.scalar(select(func.count()).where(Passkey.person_id == person.id)))


def ask_to_enter(holder: bytes) -> str:
    """What a browser asks its devices, as JSON. It names nobody: the key says whose it is."""
    return _request(open_questions.make(holder), [])


def ask_to_prove(session: Session, holder: bytes, person: Person) -> str:
    """The same, of one person's own keys."""
    return _request(challenges.make(session, Purpose.PROVE, holder), of(session, person))


def ask_to_add(session: Session, holder: bytes, person: Person) -> str:
    """What a browser asks a device to make. A device that holds a key of this person makes no second."""
    person.key_handle = person.key_handle or secrets.token_bytes(HANDLE_BYTES)
    options = webauthn.generate_registration_options(
        rp_id=key_address.host(),
        rp_name=HERE,
        user_name=person.name,
        user_id=person.key_handle,
        challenge=challenges.make(session, Purpose.ADD, holder),
        timeout=_TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_OWNER_KNOWN
        ),
        exclude_credentials=_described(of(session, person)),
    )
    return webauthn.options_to_json(options)


def add(session: Session, holder: bytes, person: Person, answer: str, name: str) -> Passkey | None:
    """Keep the key that a device has made for them, or say no."""
    told = key_answers.read(answer)
    throttle.one_at_a_time(session, person)
    if not challenges.take(session, Purpose.ADD, holder, told.question) or len(of(session, person)) >= KEYS_EACH:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=told.given,
            expected_challenge=told.question,
            expected_rp_id=key_address.host(),
            expected_origin=key_address.origin(),
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  whatever it was: it is no key of theirs
        return None
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        return None
    key = Passkey(
        person_id=person.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        may_sync=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_synced=made.credential_backed_up,
        name=_name(name),
        created_at=now(),
    )
    session.add(key)
    session.flush()
    audit.record(session, "passkey.added", f"person:{person.id}", person.id, detail=f"passkey:{key.id}")
    return key


def remove(session: Session, person: Person, key_id: int) -> bool:
    """One's own only."""
    key = session.get(Passkey, key_id)
    if key is None or key.person_id != person.id:
        return False
    session.delete(key)
    session.flush()
    audit.record(session, "passkey.removed", f"person:{person.id}", person.id, detail=f"passkey:{key_id}")
    return True


def _request(question: bytes, keys: list[Passkey]) -> str:
    options = webauthn.generate_authentication_options(
        rp_id=key_address.host(),
        challenge=question,
        timeout=_TIMEOUT,
        allow_credentials=_described(keys),
        user_verification=_OWNER_KNOWN,
    )
    return webauthn.options_to_json(options)


def _described(keys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys]


def _name(typed: str) -> str:
    return "".join(char for char in " ".join(typed.split()) if char.isprintable())[:NAME_LENGTH] or HERE
