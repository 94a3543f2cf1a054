"""How does somebody who lost their keys come back? Two organizers of two lines agree; each holds half of what it takes.

The first is shown a link, the second a code to tell by voice: neither alone can become that person, and no text or e-mail can be
caught on its way. When the second agrees, every old key and session ends. The person keeps their id, their line, and what
they did; the way in is a new passphrase and authenticator. Nobody decides about themselves, and power is not handed out by
those who lack it: for an organizer or coordinator one of the two is a coordinator.
"""

import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people import access, hands, passphrases, sessions, throttle, tokens, totp
from bot.people.agreed_models import Recovery
from bot.people.hands import Refusal, first_trouble, second_trouble
from bot.people.key_models import Passkey
from bot.people.models import Person
from bot.privacy import audit
from bot.privacy.keys import key
from bot.settings import settings
from bot.store.alone import alone


@dataclass(frozen=True)
class Half:
    """What one of the two passes on: a link's token, or a code to tell. Shown once, kept nowhere."""

    recovery_id: int
    secret: str


def ask(session: Session, person: Person, by: Person) -> Half:
    """The first of the two: their link. It opens nothing before the second agrees. Raises `Refusal`."""
    alone(session, f"person:{person.id}")
    access.hold(session, by.id)
    if reason := first_trouble(by, person):
        raise Refusal(reason)
    hands.give_way(session, Recovery, person)
    token = tokens.fresh()
    asked = Recovery(
        person_id=person.id,
        token_hash=tokens.hashed(token),
        asked_by_id=by.id,
        asked_by_line=by.line_id,
        created_at=now(),
        expires_at=ahead(hours=settings().invitation_hours),
    )
    session.add(asked)
    session.flush()
    audit.record(session, "recovery.asked", f"person:{person.id}", by.id)
    return Half(asked.id, token)


def agree(session: Session, recovery_id: int, by: Person) -> Half:
    """The second: their code. From here on nothing old opens. Raises `Refusal`.

    Until it is used the same person may ask for a fresh code: a second click, or a lost page, would else leave nobody with one.
    """
    asked = hands.running(session, Recovery, recovery_id)
    person = session.get_one(Person, asked.person_id)
    throttle.one_at_a_time(session, person)
    access.hold(session, asked.asked_by_id, by.id)
    first = session.get_one(Person, asked.asked_by_id)
    if reason := second_trouble(by, first, person, asked.is_agreed_by_another(by)):
        raise Refusal(reason)
    code = f"{secrets.randbelow(10**6):06d}"
    asked.agreed_by_id, asked.agreed_by_line, asked.agreed_at = by.id, by.line_id, now()
    asked.code_hash, asked.wrong_codes = _code_hashed(asked.token_hash, code), 0
    _take_keys(session, person)
    audit.record(session, "recovery.agreed", f"person:{person.id}", by.id)
    return Half(asked.id, code)


def take_back(session: Session, recovery_id: int, by: Person) -> None:
    """The old keys, where they ended, stay ended. Raises `Refusal`."""
    hands.take_back(session, hands.running(session, Recovery, recovery_id), by, "recovery.taken_back")


def find(session: Session, token: str) -> Recovery | None:
    """What this link is for, while it can be used; agreed or not yet."""
    asked = session.scalars(_of(token)).first()
    return asked if asked is not None and asked.is_running else None


def check(session: Session, token: str, code: str) -> Recovery | None:
    """The same, if the code is the one that was told. A wrong one is counted in the caller's transaction."""
    held = _of(token).with_for_update().execution_options(populate_existing=True)
    asked = session.scalars(held).first()
    if asked is None or not asked.is_running or asked.code_hash is None:
        return None
    if hmac.compare_digest(asked.code_hash, _code_hashed(asked.token_hash, code)):
        return asked
    asked.wrong_codes += 1
    session.flush()
    return None


def come_back(session: Session, asked: Recovery, passphrase_hash: str, secret: str) -> Person:
    """New keys, and the link is used up. Raises `Refusal` when somebody was quicker."""
    used = session.execute(
        update(Recovery)
        .where(Recovery.id == asked.id, Recovery.ended_at.is_(None), Recovery.expires_at > now())
        .values(used_at=now(), ended_at=now())
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("over")
    person = session.get_one(Person, asked.person_id)
    throttle.one_at_a_time(session, person)
    if person.revoked_at is not None and person.suspended_at is None:
        raise Refusal("revoked")
    _take_keys(session, person)
    person.passphrase_hash, person.totp_sealed = passphrase_hash, totp.sealed(secret, person.id)
    person.revoked_at = person.suspended_at = None
    person.last_here_at = now()
    throttle.right_code(session, person)
    audit.record(session, "recovery.done", f"person:{person.id}", person.id)
    return person


def trouble(passphrase: str, person: Person) -> str | None:
    """Why this passphrase does not do (a key of `console.passphrase_trouble`)."""
    return passphrases.trouble(passphrase, person.name)


def _take_keys(session: Session, person: Person) -> None:
    person.passphrase_hash = person.totp_sealed = person.key_handle = None
    session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    sessions.end_all(session, person)
    session.flush()


def _of(token: str) -> Select[Recovery]:
    return select(Recovery).where(Recovery.token_hash == tokens.hashed(token))


def _code_hashed(token_hash: bytes, code: str) -> bytes:
    """Under a key that the database does not hold: the one who agrees is not shown the link, so it cannot help."""
    mine = hmac.digest(key("console_secret_key"), b"recovery|v1", "sha256")
    return hmac.digest(mine, token_hash + "".join(code.split()).encode("utf-8", "replace"), "sha256")
