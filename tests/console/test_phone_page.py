"""A volunteer's phone is linked by whoever holds it, and shown to nobody."""

import re

import pytest
from sqlalchemy import select
from time_machine import travel

from bot.clock import ahead
from bot.contacts.models import Channel, Contact, find_or_add
from bot.outbox.models import Delivery
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, People
from tests.console.desk import Browser

MINE = NUMBERS[20]


def _asks(browser: Browser, number: str = MINE) -> str:
    """The sealed field of the page that asks for the code."""
    page = browser.sends("/me/phone", number=number).text
    found = re.search(r'name="given" value="([^"]+)"', page)
    return found[1] if found else ""


def _texted() -> str:
    with reading() as session:
        delivery = session.scalars(
            select(Delivery).where(Delivery.key == "console.phone_code").order_by(Delivery.id.desc())
        ).first()
        assert delivery
        assert delivery.values
        return str(delivery.values["code"])


def _linked(person: Person) -> bool:
    with reading() as session:
        return session.get_one(Person, person.id).contact_id is not None


def test_the_code_that_was_texted_links_it(luz: Browser, people: People) -> None:
    given = _asks(luz)
    assert "Linked" in luz.does("/me/phone/code", given=given, code=_texted())
    assert _linked(people.luz)
    page = luz.reads("/me")
    assert "A phone is linked" in page
    assert MINE[-4:] not in page


def test_another_code_does_not(luz: Browser, people: People) -> None:
    given = _asks(luz)
    wrong = f"{(int(_texted()) + 1) % 10**6:06d}"
    assert luz.sends("/me/phone/code", given=given, code=wrong).status_code == 422
    assert not _linked(people.luz)


def test_guessing_is_stopped_even_with_the_right_code_at_last(luz: Browser, people: People) -> None:
    given = _asks(luz)
    right = _texted()
    for guess in range(6):
        luz.sends("/me/phone/code", given=given, code=f"{(int(right) + 1 + guess) % 10**6:06d}")
    assert luz.sends("/me/phone/code", given=given, code=right).status_code == 422
    assert not _linked(people.luz)


def test_the_code_is_not_in_the_page(luz: Browser, people: People) -> None:
    page = luz.sends("/me/phone", number=MINE).text
    assert _texted() not in re.sub(r'value="[^"]*"', "", page)


def test_it_works_for_the_one_who_asked_and_not_for_long(luz: Browser, vera: Browser, people: People) -> None:
    given, code = _asks(luz), _texted()
    assert "ran out, or belongs to somebody else" in vera.does("/me/phone/code", given=given, code=code)
    with travel(ahead(minutes=11), tick=True):
        assert "ran out" in luz.does("/me/phone/code", given=given, code=code)


@pytest.mark.parametrize("number", ["", "911", "not a number", "+882 16 5550101", "+44 20 7946 0958", NUMBERS[0]])
def test_numbers_we_cannot_or_may_not_text_are_refused_alike(luz: Browser, people: People, number: str) -> None:
    """Vera's own phone (the last one) too, in the same words."""
    assert "We cannot text this number" in luz.does("/me/phone", number=number)


def test_a_number_that_said_stop_is_not_texted(luz: Browser, people: People) -> None:
    with writing() as session:
        find_or_add(session, MINE, Channel.SMS).stop()
    assert "We cannot text this number" in luz.does("/me/phone", number=MINE)
    with reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_three_codes_an_hour_at_most(luz: Browser, people: People) -> None:
    for _ in range(3):
        assert _asks(luz)
    assert "Three codes an hour" in luz.does("/me/phone", number=MINE)


def test_unlinking_forgets_who_it_was(vera: Browser, people: People) -> None:
    assert _linked(people.vera)
    assert "Unlinked" in vera.does("/me/phone/forget")
    assert not _linked(people.vera)
    with reading() as session:
        assert session.scalars(select(Contact)).first() is not None
