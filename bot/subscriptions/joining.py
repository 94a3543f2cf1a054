"""How does a contact come to hear about a neighborhood or a kind of aid, and how do they leave it?"""

from functools import cache

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import Session

from bot.clock import local, now
from bot.contacts.models import Contact
from bot.subscriptions.consent import record
from bot.subscriptions.models import ConsentAct, Subscription

AID = "aid:"


def join(session: Session, contact: Contact, subject: str, address: str) -> bool:
    """Subscribe to a neighborhood's id or to `aid:<kind>`. False when they had it already. Undoes a STOP."""
    contact.start()
    if session.get(Subscription, (subject, contact.id)) is not None:
        return False
    session.add(Subscription(subject=subject, contact_id=contact.id, joined_on=local(now()).date()))
    record(session, address, contact, ConsentAct.JOINED, subject)
    session.flush()
    return True


def leave(session: Session, contact: Contact, subjects: tuple[str, ...], address: str) -> bool:
    """Leave these subjects. False when there was nothing to leave."""
    left = [subject for subject in subjects if session.get(Subscription, (subject, contact.id)) is not None]
    for subject in left:
        record(session, address, contact, ConsentAct.LEFT, subject)
    session.execute(delete(Subscription).where(Subscription.contact_id == contact.id, Subscription.subject.in_(left)))
    return bool(left)


def subjects_of(session: Session, contact: Contact) -> tuple[str, ...]:
    """Everything they asked to hear about, neighborhoods and `aid:` kinds."""
    return tuple(sorted(session.scalars(_subjects(), {"contact": contact.id})))


@cache
def _subjects() -> Select[str]:
    return select(Subscription.subject).where(Subscription.contact_id == bindparam("contact"))


def neighborhoods_of(session: Session, contact: Contact) -> tuple[str, ...]:
    return tuple(subject for subject in subjects_of(session, contact) if not subject.startswith(AID))


def aid_of(session: Session, contact: Contact) -> tuple[str, ...]:
    """The kinds of aid, without the `aid:`."""
    return tuple(s.removeprefix(AID) for s in subjects_of(session, contact) if s.startswith(AID))
