"""Who writes, as far as we know them? The contact, where our talk with them stands, the volunteer they may be."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.inbox.models import Conversation
from bot.people.models import Person
from bot.privacy import numbers


@dataclass(frozen=True, slots=True)
class Who:
    """One contact. `conversation` is empty before there was anything to remember; most contacts are no volunteer."""

    contact: Contact
    conversation: Conversation | None = None
    volunteer: Person | None = None


def who(session: Session, addresses: Collection[str]) -> dict[str, Who]:
    """Whoever has these addresses (as `numbers.address` spells them), of those we know, by address."""
    marks = {numbers.tag(address): address for address in addresses}
    known: dict[str, Who] = {}
    for contact, conversation, volunteer in session.execute(_asked(), {"marks": list(marks)}) if marks else ():
        for mark in filter(None, (contact.tag, contact.whatsapp_tag)):
            if mark in marks:
                known.setdefault(marks[mark], Who(contact, conversation, volunteer))
    return known


@cache
def _asked() -> Select[Contact, Conversation, Person]:
    marks: BindParameter[list[bytes]] = bindparam("marks", expanding=True)
    return (
        select(Contact, Conversation, Person)
        .outerjoin(Conversation, Conversation.contact_id == Contact.id)
        .outerjoin(Person, (Person.contact_id == Contact.id) & Person.revoked_at.is_(None))
        .where(Contact.tag.in_(marks) | Contact.whatsapp_tag.in_(marks))
    )
