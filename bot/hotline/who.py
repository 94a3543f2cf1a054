"""Who writes, as far as we know them? The contact, where our talk with them stands, the volunteer they may be: one question."""

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


def who(session: Session, address: str) -> Who | None:
    """Whoever has this address (as `numbers.address` spells it), if we know them. In a flood most are new to us."""
    mark = {"mark": numbers.tag(address)}
    if session.connection().execute(_known(), mark).first() is None:
        return None
    found = session.execute(_asked(), mark).first()
    return Who(found[0], found[1], found[2]) if found else None


@cache
def _known() -> Select[int]:
    contact = Contact.metadata.tables[Contact.__tablename__].c
    mark: BindParameter[bytes] = bindparam("mark")
    return select(contact.id).where((contact.tag == mark) | (contact.whatsapp_tag == mark))


@cache
def _asked() -> Select[Contact, Conversation, Person]:
    mark: BindParameter[bytes] = bindparam("mark")
    return (
        select(Contact, Conversation, Person)
        .outerjoin(Conversation, Conversation.contact_id == Contact.id)
        .outerjoin(Person, (Person.contact_id == Contact.id) & Person.revoked_at.is_(None))
        .where((Contact.tag == mark) | (Contact.whatsapp_tag == mark))
    )
