"""Is it really them? A passphrase and a code, with one answer for every way of being wrong.

`prove` never raises for a wrong try, so that its count is committed with the caller's transaction. The sessions
themselves are in `people.sessions`.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.people import challenges, key_proofs, passphrases, sessions, throttle, totp
from bot.people.models import Person, SignedIn
from bot.people.sessions import end, open_session, person_of
from bot.privacy import audit

__all__ = [
    "end",
    "enter",
    "kept_hash",
    "known",
    "open_session",
    "person_of",
    "prove",
    "revoke",
    "step_up",
    "step_up_by_key",
]

WRONG_PROOFS = 10
"""So many wrong codes in one session end it."""


def prove(session: Session, name: str, passphrase: str, code: str, *, known_browser: bool = False) -> Person | None:
    """The person, if passphrase and code are right and it is their turn to try. The same work for unknown names."""
    kept = kept_hash(session, name)
    return enter(session, name, passphrases.right(kept, passphrase), code, known_browser=known_browser)


def kept_hash(session: Session, name: str) -> str | None:
    """What the passphrase is held against: read apart, so that no write waits for the slow hash."""
    person = known(session, name)
    return person.passphrase_hash if person and person.revoked_at is None else None


def enter(
    session: Session, name: str, right_passphrase: bool, code: str, *, known_browser: bool = False
) -> Person | None:
    """The second half of `prove`: counts the try, and takes the code once."""
    person = known(session, name)
    if person is None:
        return None
    throttle.one_at_a_time(session, person)
    if person.revoked_at is not None:
        return None
    if not throttle.may_try_passphrase(person, known_browser):
        return None
    if not right_passphrase:
        throttle.wrong_passphrase(session, person)
        audit.record(session, "sign_in.refused", f"person:{person.id}", detail="passphrase")
        return None
    if not _shows_code(session, person, code):
        return None
    audit.record(session, "sign_in", f"person:{person.id}", person.id)
    return person


def step_up(session: Session, sitting: SignedIn, token: str, code: str) -> str | None:
    """A fresh code in a running session that shows this token: its new token, or `None`."""
    throttle.one_at_a_time(session, sitting.person)
    session.refresh(sitting)
    if sitting.person.revoked_at is not None or sitting.ended_at is not None:
        return None
    if not totp.accept(session, sitting.person, code):
        _wrong_in_session(session, sitting)
        return None
    return sessions.renew(session, sitting, token)


def step_up_by_key(session: Session, sitting: SignedIn, token: str, answer: str) -> str | None:
    """The same with one of their own passkeys."""
    if not key_proofs.proves(session, challenges.of_sitting(sitting), sitting.person, answer):
        return None
    return sessions.renew(session, sitting, token)


def _wrong_in_session(session: Session, sitting: SignedIn) -> None:
    """It ends this session at last, and holds nobody up elsewhere: whoever took a session cannot lock its owner out."""
    sitting.wrong_proofs += 1
    audit.record(session, "sign_in.refused", f"person:{sitting.person_id}", detail="step_up")
    if sitting.wrong_proofs >= WRONG_PROOFS:
        end(session, sitting)


def revoke(session: Session, person: Person, by: Person | None = None) -> None:
    """This person works here no more: their next request, on any device, is refused."""
    person.revoked_at = person.revoked_at or now()
    person.suspended_at = None
    sessions.end_all(session, person)
    audit.record(session, "person.revoked", f"person:{person.id}", by.id if by else None)


def known(session: Session, name: str) -> Person | None:
    return session.scalars(select(Person).where(func.lower(Person.name) == " ".join(name.split()).lower())).first()


def _shows_code(session: Session, person: Person, code: str) -> bool:
    if not throttle.may_try_code(person):
        return False
    if not totp.accept(session, person, code):
        throttle.wrong_code(session, person)
        audit.record(session, "sign_in.refused", f"person:{person.id}", detail="code")
        return False
    throttle.right_code(session, person)
    return True
