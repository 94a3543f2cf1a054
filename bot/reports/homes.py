"""Which phones share a home? Only those that said so, each by a text, and only as keyed marks with a random word in common.

Two people at one window are one view of the street. One phone asks for a code, the other sends it back within
`HOME_CODE_MINUTES`. Neither a number nor an address is kept; DELETE takes a phone out of its home.
"""

import hmac
import secrets

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.clock import ago, ahead, now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import OPEN
from bot.privacy import marks
from bot.privacy.keys import key
from bot.reports.models import HomeCode, HomeMember, Report
from bot.settings import settings

PURPOSE = "home"
CODE_FROM, CODE_BELOW = 1000, 10_000
CODE_TRIES = 40


def offer(session: Session, contact: Contact) -> str:
    """A code for the other phones of this home. Raises `TooManyCodes` when none is free."""
    home = _home_of(session, contact) or _settle(session, contact, secrets.token_hex(16))
    session.execute(delete(HomeCode).where(HomeCode.expires_at <= now()))
    for _ in range(CODE_TRIES):
        code = str(CODE_FROM + secrets.randbelow(CODE_BELOW - CODE_FROM))
        if session.get(HomeCode, _code_mark(code)) is None:
            session.add(
                HomeCode(mark=_code_mark(code), home=home, expires_at=ahead(minutes=settings().home_code_minutes))
            )
            session.flush()
            return code
    raise TooManyCodes


def join(session: Session, contact: Contact, code: str) -> bool:
    """This phone is of the home that the code names. False: no such code, or it is over."""
    found = session.get(HomeCode, _code_mark(code))
    if found is None or found.expires_at <= now():
        return False
    _settle(session, contact, found.home)
    return True


def with_me(session: Session, contact_id: int, others: Select[int | None]) -> set[int]:
    """Who of the `others` shares this contact's home."""
    contact = session.get(Contact, contact_id)
    home = _home_of(session, contact) if contact is not None else None
    if home is None:
        return set()
    members = set(session.scalars(select(HomeMember.mark).where(HomeMember.home == home)))
    known = session.execute(select(Contact.id, Contact.tag).where(Contact.id.in_(others), Contact.id != contact_id))
    return {other for other, tag in known if marks.mark(PURPOSE, tag) in members}


def told_of_lately(session: Session, contact: Contact) -> list[Incident]:
    """The open incidents this phone told of: who counts there is counted again when it joins a home."""
    lately = Report.received_at > ago(minutes=settings().match_window_minutes)
    theirs = select(Report.incident_id).where(Report.contact_id == contact.id, lately)
    return list(session.scalars(select(Incident).where(Incident.id.in_(theirs), Incident.state.in_(OPEN))))


def _home_of(session: Session, contact: Contact) -> str | None:
    return session.scalar(select(HomeMember.home).where(HomeMember.mark == marks.mark(PURPOSE, contact.tag)))


def _settle(session: Session, contact: Contact, home: str) -> str:
    """One phone has one home: the one it named last."""
    mark = marks.mark(PURPOSE, contact.tag)
    member = session.get(HomeMember, mark) or HomeMember(mark=mark)
    member.home, member.said_at = home, now()
    session.add(member)
    session.flush()
    return home


def _code_mark(code: str) -> bytes:
    return hmac.digest(key("text_key"), b"home-code|v1|" + code.encode(), "sha256")


class TooManyCodes(RuntimeError):
    """Nearly every code is in use: ask again in a while."""
