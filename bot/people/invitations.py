"""How does somebody come to work here? By a link used once within two days, and a code that was told by voice.

Founders begin an invitation line; whoever is invited belongs to the line of who invited them, for good. Two people of one
line never make the two hands of a release. Whoever shall do more than look is let in by somebody of another line as well
(`people.vouching`).
"""

import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.people import passphrases, tokens, totp
from bot.people.models import WRONG_CODES, Invitation, InvitationLine, Person, PersonArea, Role
from bot.privacy import audit
from bot.settings import settings

NAME_LENGTH = (2, 40)
_INVITABLE = {
    Role.COORDINATOR: tuple(Role),
    Role.ORGANIZER: (Role.VERIFIER, Role.DISPATCHER),
}


class InvitationRefused(RuntimeError):
    """Why not is its first argument, a key of `console.invitation_refused`."""


@dataclass(frozen=True)
class Invited:
    """What the inviter passes on: the token in a link, the code by voice. Neither is kept."""

    token: str
    code: str
    invitation_id: int


def found(session: Session, line_name: str, role: Role = Role.COORDINATOR, senior: bool = True) -> Invited:
    """Invite a founder, who begins a line of their own."""
    line = InvitationLine(name=line_name, created_at=now())
    session.add(line)
    session.flush()
    return _invite(session, line.id, role, senior, None)


def invite(session: Session, by: Person, role: Role, senior: bool = False) -> Invited:
    """Invite somebody into the inviter's line. Raises `InvitationRefused`."""
    if role not in may_invite(by):
        raise InvitationRefused("not_your_role")
    return _invite(session, by.line_id, role, senior, by.id)


def may_invite(person: Person) -> tuple[Role, ...]:
    return _INVITABLE.get(person.role, ()) if person.revoked_at is None else ()


def find(session: Session, token: str) -> Invitation | None:
    """The invitation of this link while it can be used."""
    return _usable(session.scalars(_of(token)).first())


def _of(token: str) -> Select[Invitation]:
    return select(Invitation).where(Invitation.token_hash == tokens.hashed(token))


def _usable(invitation: Invitation | None) -> Invitation | None:
    if invitation is None or invitation.used_at or invitation.ended_at or invitation.expires_at <= now():
        return None
    return invitation if invitation.wrong_codes < WRONG_CODES else None


def check(session: Session, token: str, code: str) -> Invitation | None:
    """The invitation, if the code is the one that was told. A wrong one is counted in the caller's transaction.

    Tries go one by one: of many at once the sixth sees five wrong ones, and learns nothing.
    """
    held = _of(token).with_for_update().execution_options(populate_existing=True)
    invitation = _usable(session.scalars(held).first())
    if invitation is None:
        return None
    if hmac.compare_digest(invitation.code_hash, _code_hashed(token, code)):
        return invitation
    session.execute(
        update(Invitation).where(Invitation.id == invitation.id).values(wrong_codes=Invitation.wrong_codes + 1)
    )
    return None


def name_trouble(session: Session, name: str) -> str | None:
    """Why this pseudonym cannot be had (a key of `console.name`), or `None`."""
    shortest, longest = NAME_LENGTH
    if not shortest <= len(name) <= longest or any(char.isdigit() for char in name) or not name.isprintable():
        return "unfit"
    return (
        "taken" if session.scalars(select(Person.id).where(func.lower(Person.name) == name.lower())).first() else None
    )


def accept(
    session: Session,
    token: str,
    code: str,
    name: str,
    passphrase: str,
    *,
    secret: str | None = None,
    language: str = "en",
    neighborhoods: tuple[str, ...] = (),
) -> Person:
    """Link, code, pseudonym and passphrase make a person whose authenticator holds `secret`. Raises `InvitationRefused`."""
    invitation = check(session, token, code)
    if invitation is None:
        raise InvitationRefused("wrong")
    trouble = passphrases.trouble(passphrase, name)
    if trouble:
        raise InvitationRefused(trouble)
    return admit(
        session,
        invitation,
        name,
        passphrases.hashed(passphrase),
        secret or totp.fresh(),
        language,
        neighborhoods,
    )


def admit(
    session: Session,
    invitation: Invitation,
    name: str,
    passphrase_hash: str,
    secret: str,
    language: str,
    neighborhoods: tuple[str, ...],
) -> Person:
    """Use the invitation up, and make its person. Raises `InvitationRefused` when it was used or taken back meanwhile."""
    if invitation.waits_for_a_second:
        raise InvitationRefused("waits")
    if name_trouble(session, name):
        raise InvitationRefused("name")
    if not _use_up(session, invitation):
        raise InvitationRefused("wrong")
    person = _made(invitation, name, passphrase_hash, language, neighborhoods)
    session.add(person)
    session.flush()
    person.totp_sealed = totp.sealed(secret, person.id)
    audit.record(session, "person.joined", f"person:{person.id}", invitation.invited_by, detail=person.role)
    return person


def is_made(session: Session, name: str, passphrase_hash: str) -> bool:
    """Whether what was given has made its person already. The hash is salted: no other form carries the same."""
    same = select(Person.id).where(Person.name == name, Person.passphrase_hash == passphrase_hash)
    return session.scalars(same).first() is not None


def _use_up(session: Session, invitation: Invitation) -> bool:
    """Whether nobody used it and nobody took it back meanwhile: asked and answered in one statement."""
    used = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.used_at.is_(None),
            Invitation.ended_at.is_(None),
            Invitation.expires_at > now(),
        )
        .values(used_at=now())
    )
    return used.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _made(
    invitation: Invitation, name: str, passphrase_hash: str, language: str, neighborhoods: tuple[str, ...]
) -> Person:
    return Person(
        name=name,
        role=invitation.role,
        senior=invitation.senior,
        line_id=invitation.line_id,
        invited_by=invitation.invited_by,
        language=language,
        passphrase_hash=passphrase_hash,
        created_at=now(),
        trial_began_at=now() if _begins_on_trial(invitation) else None,
        last_here_at=now(),
        areas=[PersonArea(neighborhood=neighborhood) for neighborhood in sorted(set(neighborhoods))],
    )


def _begins_on_trial(invitation: Invitation) -> bool:
    """Whoever is new, in any role: their first looks are compared, not counted (`moderation.trial`). No founder, nor a senior."""
    return invitation.invited_by is not None and not invitation.senior and settings().trial_findings > 0


def _invite(session: Session, line_id: int, role: Role, senior: bool, by: int | None) -> Invited:
    token, code = tokens.fresh(), f"{secrets.randbelow(10**6):06d}"
    invitation = Invitation(
        token_hash=tokens.hashed(token),
        code_hash=_code_hashed(token, code),
        role=role,
        senior=senior,
        line_id=line_id,
        invited_by=by,
        created_at=now(),
        expires_at=ahead(hours=settings().invitation_hours),
    )
    session.add(invitation)
    session.flush()
    audit.record(session, "person.invited", f"invitation:{invitation.id}", by, detail=role)
    return Invited(token, code, invitation.id)


def _code_hashed(token: str, code: str) -> bytes:
    """Of the token and the code, so that the table alone does not give six digits away."""
    return hmac.digest(token.encode("utf-8", "replace"), "".join(code.split()).encode("utf-8", "replace"), "sha256")
