"""Who asked to hear about where: once, undone by leaving, provable without a number."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contacts.models import Channel, Contact, find, find_or_add
from bot.privacy.numbers import ledger_tag
from bot.store.session import writing
from bot.subscriptions import consent, joining
from bot.subscriptions.models import ConsentAct, ConsentEntry

ROSA = "+13235550101"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with writing() as session:
        yield session


@pytest.fixture
def rosa(session: Session) -> Contact:
    return find_or_add(session, ROSA, Channel.SMS)


def test_a_contact_is_made_once_and_found_by_number_or_whatsapp_id(session: Session, rosa: Contact) -> None:
    assert find_or_add(session, ROSA, Channel.WHATSAPP, "whatsapp:US.rosa") is rosa
    assert find(session, "whatsapp:US.rosa") is rosa
    assert find_or_add(session, "whatsapp:US.rosa", Channel.WHATSAPP, "whatsapp:US.rosa") is rosa
    assert ROSA.encode() not in (rosa.sealed or b"") + rosa.tag


def test_joining_twice_is_joining_once(session: Session, rosa: Contact) -> None:
    assert joining.join(session, rosa, "hp", ROSA)
    assert not joining.join(session, rosa, "hp", ROSA)
    joining.join(session, rosa, "aid:food", ROSA)
    assert joining.neighborhoods_of(session, rosa) == ("hp",)
    assert joining.aid_of(session, rosa) == ("food",)


def test_leaving_says_whether_there_was_anything_to_leave(session: Session, rosa: Contact) -> None:
    joining.join(session, rosa, "hp", ROSA)
    assert joining.leave(session, rosa, ("hp", "maywood"), ROSA)
    assert not joining.leave(session, rosa, ("hp",), ROSA)
    assert joining.subjects_of(session, rosa) == ()


def test_joining_undoes_a_stop(session: Session, rosa: Contact) -> None:
    rosa.stop()
    joining.join(session, rosa, "hp", ROSA)
    assert not rosa.is_stopped


def test_the_ledger_proves_it_and_forget_empties_it(session: Session, rosa: Contact) -> None:
    joining.join(session, rosa, "hp", ROSA)
    joining.leave(session, rosa, ("hp",), ROSA)
    entries = session.scalars(select(ConsentEntry).where(ConsentEntry.mark == ledger_tag(ROSA))).all()
    assert [(entry.act, entry.subject) for entry in entries] == [(ConsentAct.JOINED, "hp"), (ConsentAct.LEFT, "hp")]
    consent.erase(session, ROSA)
    assert session.scalars(select(ConsentEntry)).all() == []
