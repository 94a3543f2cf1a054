"""A worker locks each number to its own row soon after it came, and the seal goes; nothing is lost on the way."""

import pytest
from sqlalchemy import select, update

from bot.contacts import locking
from bot.contacts.models import Channel, Contact, find_or_add
from bot.privacy import numbers
from bot.privacy.keys import fresh
from bot.store.session import reading, writing
from tests.services.settings import Environment

ROSA, LUIS, NEW = "+13235550101", "+13235550102", "+13235550103"


def _know(*addresses: str) -> None:
    with writing() as session:
        for address in addresses:
            find_or_add(session, address, Channel.SMS)


def _contacts() -> list[Contact]:
    with reading() as session:
        return list(session.scalars(select(Contact).order_by(Contact.id)))


def test_every_sealed_number_is_locked_once_and_its_seal_is_gone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "AT_ONCE", 2)
    _know(ROSA, LUIS, NEW)
    assert locking.lock_new() == 3
    assert [(row.sealed, row.address) for row in _contacts()] == [(None, ROSA), (None, LUIS), (None, NEW)]
    assert locking.lock_new() == 0


def test_a_lock_moved_to_another_row_does_not_open(database_url: str) -> None:
    _know(ROSA, LUIS)
    locking.lock_new()
    rosa, luis = _contacts()
    with writing() as session:
        session.execute(update(Contact).where(Contact.id == luis.id).values(locked=rosa.locked))
    with pytest.raises(numbers.CannotOpen):
        _ = _contacts()[1].address


def test_a_lock_moved_with_its_mark_to_another_row_does_not_open_either(database_url: str) -> None:
    _know(ROSA)
    locking.lock_new()
    (rosa,) = _contacts()
    assert rosa.locked is not None
    with pytest.raises(numbers.CannotOpen):
        numbers.unlock(rosa.locked, rosa.id + 1, rosa.tag)


def test_one_seal_that_does_not_open_holds_up_no_other_and_is_kept(database_url: str) -> None:
    _know(ROSA, LUIS)
    spoiled = numbers.VERSION + bytes(80)
    with writing() as session:
        session.execute(update(Contact).where(Contact.tag == numbers.tag(ROSA)).values(sealed=spoiled))
    assert locking.lock_new() == 1
    assert [row.sealed for row in _contacts()] == [spoiled, None]


def test_a_number_that_changed_meanwhile_keeps_its_new_seal(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old number was read, and the person's new one came before it was written."""
    with writing() as session:
        find_or_add(session, ROSA, Channel.WHATSAPP, "whatsapp:US.rosa")
    opened = numbers.open_sealed

    def meanwhile(sealed: bytes, tag: bytes) -> str:
        with writing() as session:
            find_or_add(session, NEW, Channel.WHATSAPP, "whatsapp:US.rosa")
        return opened(sealed, tag)

    monkeypatch.setattr(numbers, "open_sealed", meanwhile)
    locking.lock_new()
    monkeypatch.undo()
    (rosa,) = _contacts()
    assert rosa.locked is None
    assert rosa.address == NEW
    locking.lock_new()
    assert _contacts()[0].address == NEW


def test_a_new_number_takes_the_place_of_a_locked_one(database_url: str) -> None:
    with writing() as session:
        find_or_add(session, ROSA, Channel.WHATSAPP, "whatsapp:US.rosa")
    locking.lock_new()
    with writing() as session:
        find_or_add(session, NEW, Channel.WHATSAPP, "whatsapp:US.rosa")
    (rosa,) = _contacts()
    assert rosa.locked is None
    assert rosa.address == NEW


def test_only_workers_open_a_lock(database_url: str, env: Environment) -> None:
    _know(ROSA)
    locking.lock_new()
    env.set(number_private_key=fresh()["NUMBER_PRIVATE_KEY"])
    with pytest.raises(numbers.CannotOpen):
        _ = _contacts()[0].address
