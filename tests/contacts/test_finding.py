"""Whose text is this? One contact a number; a WhatsApp id belongs to whoever writes under it now."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contacts.models import Channel, Contact, find, find_or_add
from bot.store.session import writing

OLD, NEW, ROSAS_ID = "+13235550101", "+13235550102", "whatsapp:US.rosa"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with writing() as session:
        yield session


def _count(session: Session) -> int:
    return session.scalar(select(func.count(Contact.id))) or 0


def test_an_id_that_moved_to_a_number_we_know_goes_with_it(session: Session) -> None:
    old = find_or_add(session, OLD, Channel.WHATSAPP, ROSAS_ID)
    new = find_or_add(session, NEW, Channel.SMS)
    assert find_or_add(session, NEW, Channel.WHATSAPP, ROSAS_ID) is new
    assert find(session, ROSAS_ID) is new
    session.refresh(old)
    assert old.whatsapp_tag is None


def test_a_new_number_under_a_known_id_replaces_the_old_one(session: Session) -> None:
    rosa = find_or_add(session, OLD, Channel.WHATSAPP, ROSAS_ID)
    assert find_or_add(session, NEW, Channel.WHATSAPP, ROSAS_ID) is rosa
    assert rosa.address == NEW
    assert find(session, OLD) is None
    assert _count(session) == 1


def test_somebody_first_known_by_id_is_the_same_when_their_number_shows(session: Session) -> None:
    rosa = find_or_add(session, ROSAS_ID, Channel.WHATSAPP, ROSAS_ID)
    assert not rosa.has_number
    assert find_or_add(session, NEW, Channel.WHATSAPP, ROSAS_ID) is rosa
    assert rosa.has_number
    assert find(session, ROSAS_ID) is rosa
    assert _count(session) == 1
