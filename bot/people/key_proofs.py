"""Is it really their device? What only one of their own keys can have signed, at our own address, with a finger or a PIN.

The library checks what was signed (question, address, that the device knew its owner). What it cannot know stands here: that
the question was ours and open (`people.challenges`, `people.open_questions`), whose key it is, and that the key counts on.
Nothing raises for a wrong answer, so that a question is used up, and the refusal recorded, in the caller's transaction.
"""

import webauthn
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import CredentialDeviceType

from bot.clock import now
from bot.people import challenges, key_address, key_answers, open_questions, throttle
from bot.people.key_answers import Answer
from bot.people.key_models import Passkey, Purpose
from bot.people.models import Person
from bot.privacy import audit


def may_enter(holder: bytes, answer: str) -> bool:
    """Whether it is worth a look: an answer to a question of ours, put to this browser. Asked before anything is written."""
    return open_questions.is_ours(holder, key_answers.read(answer).question)


def enter(session: Session, holder: bytes, answer: str) -> Person | None:
    """Who signs in with this key, if everything holds."""
    told = key_answers.read(answer)
    person = _owner(session, told) if open_questions.take(session, holder, told.question) else None
    if person is not None:
        audit.record(session, "sign_in", f"person:{person.id}", person.id, detail="passkey")
    return person


def proves(session: Session, holder: bytes, person: Person, answer: str) -> bool:
    """Whether this very person shows one of their keys again. Somebody else's key proves nothing here."""
    told = key_answers.read(answer)
    owner = _owner(session, told) if challenges.take(session, Purpose.PROVE, holder, told.question) else None
    return owner is not None and owner.id == person.id


def _owner(session: Session, told: Answer) -> Person | None:
    key = session.scalars(select(Passkey).where(Passkey.credential_id == told.credential_id)).first()
    person = session.get(Person, key.person_id) if key else None
    if key is None or person is None:
        return None
    throttle.one_at_a_time(session, person)
    if person.revoked_at is not None or told.handle not in (None, person.key_handle):
        return None
    shown = _verified(key, told)
    if shown is None or not _counts_on(session, key, shown):
        audit.record(session, "sign_in.refused", f"person:{person.id}", detail=f"passkey:{key.id}")
        return None
    return person


def _verified(key: Passkey, told: Answer) -> VerifiedAuthentication | None:
    try:
        return webauthn.verify_authentication_response(
            credential=told.given,
            expected_challenge=told.question,
            expected_rp_id=key_address.host(),
            expected_origin=key_address.origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=0,  # the count is held against the row, in one statement, below
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  whatever it was: it is not this key
        return None


def _counts_on(session: Session, key: Passkey, shown: VerifiedAuthentication) -> bool:
    """A key that counts never counts the same twice, and none learns to sync: else it is a copy.

    Checked and kept in one statement, so that a copy used at the same moment does not pass beside it.
    """
    if (shown.credential_device_type is CredentialDeviceType.MULTI_DEVICE) != key.may_sync:
        return False
    counted = Passkey.sign_count < shown.new_sign_count
    if shown.new_sign_count == 0:
        counted = Passkey.sign_count == 0
    kept = (
        update(Passkey)
        .where(Passkey.id == key.id, counted)
        .values(sign_count=shown.new_sign_count, is_synced=shown.credential_backed_up, last_used_at=now())
        .execution_options(synchronize_session=False)
    )
    return session.execute(kept).rowcount == 1  # type: ignore[attr-defined, no-any-return]
