"""A volunteer's phone is linked by whoever holds it, and shown to nobody."""

import re

import pytest
from sqlalchemy import select, update
from time_machine import travel

from bot.clock import ago, ahead, now
from bot.contacts.models import Channel, Contact, find_or_add
from bot.outbox import sweeping
from bot.outbox.delivery_models import Delivery, State
from bot.people import totp
from bot.people.models import Person, SignedIn
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, SECRET, People
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
    assert "Linked" in luz.does("/me/phone/code", given=given, texted=_texted())
    assert _linked(people.luz)
    page = luz.reads("/me")
    assert "A phone is linked" in page
    assert MINE[-4:] not in page


def test_another_code_does_not(luz: Browser, people: People) -> None:
    given = _asks(luz)
    wrong = f"{(int(_texted()) + 1) % 10**6:06d}"
    assert luz.sends("/me/phone/code", given=given, texted=wrong).status_code == 422
    assert not _linked(people.luz)


def test_guessing_is_stopped_even_with_the_right_code_at_last(luz: Browser, people: People) -> None:
    given = _asks(luz)
    right = _texted()
    for guess in range(6):
        luz.sends("/me/phone/code", given=given, texted=f"{(int(right) + 1 + guess) % 10**6:06d}")
    assert luz.sends("/me/phone/code", given=given, texted=right).status_code == 422
    assert not _linked(people.luz)


def test_the_code_is_not_in_the_page(luz: Browser, people: People) -> None:
    page = luz.sends("/me/phone", number=MINE).text
    assert _texted() not in re.sub(r'value="[^"]*"', "", page)


def test_it_works_for_the_one_who_asked_and_not_for_long(luz: Browser, vera: Browser, people: People) -> None:
    given, code = _asks(luz), _texted()
    assert "ran out, or belongs to somebody else" in vera.does("/me/phone/code", given=given, texted=code)
    with travel(ahead(minutes=11), tick=True):
        fresh = totp.code_at(SECRET, now())
        assert "ran out" in luz.does("/me/phone/code", given=given, texted=code, code=fresh)


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
        assert session.scalars(select(Delivery.key)).all() == ["console.phone_unlinked"], "it may not have been she"


def _proved_long_ago(minutes: float) -> None:
    with writing() as session:
        session.execute(update(SignedIn).values(proved_at=ago(minutes=minutes)))


def test_a_stolen_session_links_no_phone(luz: Browser, people: People) -> None:
    """Without a fresh code of the authenticator nothing is texted."""
    _proved_long_ago(minutes=50)
    assert 'name="code"' in luz.reads("/me")
    assert "That code did not work" in luz.does("/me/phone", number=MINE)
    assert "That code did not work" in luz.does("/me/phone", number=MINE, code="000000")
    with reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_nor_does_it_unlink_one_or_use_a_code_asked_for_before(vera: Browser, luz: Browser, people: People) -> None:
    given, texted = _asks(luz), _texted()
    _proved_long_ago(minutes=50)
    luz.sends("/me/phone/code", given=given, texted=texted)
    vera.sends("/me/phone/forget")
    assert not _linked(people.luz)
    assert _linked(people.vera)


def test_with_a_fresh_code_it_is_linked(luz: Browser, people: People) -> None:
    _proved_long_ago(minutes=50)
    given = re.search(
        r'name="given" value="([^"]+)"',
        luz.sends("/me/phone", number=MINE, code=totp.code_at(SECRET, now())).text,
    )
    assert given
    assert "Linked" in luz.does("/me/phone/code", given=given[1], texted=_texted())
    assert _linked(people.luz)


def test_who_proved_it_a_while_ago_can_prove_it_again_beside_the_texted_code(luz: Browser, people: People) -> None:
    """The text may take minutes: what they typed must not be lost to a proof that ran out on the way."""
    page = luz.sends("/me/phone", number=MINE).text
    assert 'name="code"' in page
    given = re.search(r'name="given" value="([^"]+)"', page)
    assert given
    texted = _texted()
    _proved_long_ago(minutes=50)
    fresh = totp.code_at(SECRET, now())
    assert "Linked" in luz.does("/me/phone/code", given=given[1], texted=texted, code=fresh)


def _kept_codes() -> list[str]:
    with reading() as session:
        told = select(Delivery).where(Delivery.key == "console.phone_code").order_by(Delivery.id)
        return [str((delivery.values or {})["code"]) for delivery in session.scalars(told)]


def test_a_used_code_is_in_our_books_no_more(luz: Browser, people: People) -> None:
    given, texted = _asks(luz), _texted()
    luz.does("/me/phone/code", given=given, texted=texted)
    assert _kept_codes() == ["------"]


def test_nor_is_one_that_gave_way_to_a_newer(luz: Browser, people: People) -> None:
    """And if it has not left yet, it does not leave."""
    _asks(luz)
    _asks(luz)
    kept = _kept_codes()
    assert kept[0] == "------"
    assert kept[1].isdecimal()
    sweeping.sweep()
    with reading() as session:
        states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == [State.DROPPED, State.WAITING]


def test_what_a_worker_may_have_sent_keeps_the_words_it_is_looked_for_by(luz: Browser, people: People) -> None:
    _asks(luz)
    with writing() as session:
        session.execute(update(Delivery).values(state=State.UNKNOWN))
    _asks(luz)
    assert all(code.isdecimal() for code in _kept_codes())
