"""Who is signed in, since when, and until when? Sessions live in the database: listed, and ended at once."""

import base64
import datetime as dt
import hmac

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from bot.clock import ago, ahead, now
from bot.people import tokens
from bot.people.models import Person, Role, SignedIn
from bot.privacy.keys import key
from bot.settings import settings

SEEN_EVERY_SECONDS = 60
"""`last_seen_at` is written at most this often: a page view should not cost a write."""
BEFORE_SECONDS = 15
"""So long the token of before a proof is still heard: another click, another tab, a question that was on its way."""
_HALF = (Role.ORGANIZER, Role.COORDINATOR)


def open_session(session: Session, person: Person) -> str:
    """A new session of somebody who just proved who they are. The token goes to the browser; only its hash is kept."""
    token = tokens.fresh()
    person.last_here_at = now()
    session.add(
        SignedIn(
            token_hash=tokens.hashed(token),
            person_id=person.id,
            created_at=now(),
            last_seen_at=now(),
            expires_at=ahead(hours=settings().session_hours * _share(person)),
            proved_at=now(),
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> SignedIn | None:
    """The session of this token while it may be used: not ended, expired or idle, and its person not revoked."""
    if not token:
        return None
    shown = tokens.hashed(token)
    just_before = and_(SignedIn.before_hash == shown, SignedIn.renewed_at > ago(seconds=BEFORE_SECONDS))
    mine = select(SignedIn).where(or_(SignedIn.token_hash == shown, just_before)).options(joinedload(SignedIn.person))
    sitting = session.scalars(mine).first()
    return sitting if sitting is not None and usable(sitting) else None


def person_of(session: Session, token: str) -> Person | None:
    """Who this token belongs to, if it may be used."""
    sitting = find(session, token)
    return sitting.person if sitting else None


def usable(sitting: SignedIn) -> bool:
    """Measured by the person's role of now: who was given a greater one signs in anew that much sooner."""
    idle = dt.timedelta(minutes=idle_minutes(sitting.person))
    whole = dt.timedelta(hours=settings().session_hours * _share(sitting.person))
    return (
        sitting.ended_at is None
        and sitting.person.revoked_at is None
        and min(sitting.expires_at, sitting.created_at + whole) > now()
        and sitting.last_seen_at + idle > now()
    )


def idle_minutes(person: Person) -> float:
    """Who does nothing for so long is signed out."""
    return settings().session_idle_minutes * _share(person)


def seen(session: Session, sitting: SignedIn) -> None:
    """They did something themselves (a page that refreshes by itself does not count)."""
    sitting.last_seen_at = sitting.person.last_here_at = now()


def is_worth_noting(sitting: SignedIn) -> bool:
    return sitting.last_seen_at < ago(seconds=SEEN_EVERY_SECONDS)


def is_proved(sitting: SignedIn) -> bool:
    """Whether the second factor was shown within `STEP_UP_MINUTES`."""
    return sitting.proved_at > ago(minutes=settings().step_up_minutes)


def renew(session: Session, sitting: SignedIn, token: str) -> str:
    """The second factor was shown again: the same session under a new token (ASVS 7.2.4)."""
    sitting.before_hash, sitting.renewed_at = tokens.hashed(token), now()
    fresh = _after(token, sitting.renewed_at)
    sitting.token_hash, sitting.proved_at, sitting.last_seen_at = tokens.hashed(fresh), now(), now()
    sitting.wrong_proofs = 0
    session.flush()
    return fresh


def handed_on(sitting: SignedIn, token: str) -> str | None:
    """The token of now, for a browser that shows the one of before: the answer that carried it may never have come."""
    if sitting.renewed_at is None or sitting.before_hash != tokens.hashed(token):
        return None
    return _after(token, sitting.renewed_at)


def end(session: Session, sitting: SignedIn) -> None:
    sitting.ended_at = sitting.ended_at or now()
    session.flush()


def end_all(session: Session, person: Person, but: SignedIn | None = None) -> None:
    """End every session of this person, at once; `but` is the one in use."""
    ending = update(SignedIn).where(SignedIn.person_id == person.id, SignedIn.ended_at.is_(None))
    if but is not None:
        ending = ending.where(SignedIn.id != but.id)
    session.execute(ending.values(ended_at=now()).execution_options(synchronize_session=False))


def open_ones(session: Session, person: Person) -> list[SignedIn]:
    """This person's sessions that may still be used, the latest first."""
    mine = select(SignedIn).where(SignedIn.person_id == person.id, SignedIn.ended_at.is_(None))
    return [sitting for sitting in session.scalars(mine.order_by(SignedIn.last_seen_at.desc())) if usable(sitting)]


def _share(person: Person) -> float:
    """Those who can release sign in anew twice as often."""
    return 0.5 if person.role in _HALF else 1.0


def _after(token: str, renewed_at: dt.datetime) -> str:
    """As hard to guess as our key. Made, not drawn: two answers to one browser hand out the same, in whatever order they come."""
    made = hmac.digest(key("console_secret_key"), f"session|{renewed_at.timestamp():.6f}|{token}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
