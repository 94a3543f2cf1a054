"""Each code works once, and its secret opens for its own person only."""

import pytest
from cryptography.exceptions import InvalidTag

from bot.people import totp
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.people.conftest import SECRET, admitted, code


def _takes(person: Person, typed: str) -> bool:
    with writing() as session:
        return totp.accept(session, session.get_one(Person, person.id), typed)


def test_the_present_code_is_taken_once(ana: Person) -> None:
    now_shown = code()
    assert _takes(ana, now_shown)
    assert not _takes(ana, now_shown)


def test_an_older_code_of_the_window_does_not_follow_a_newer_one(ana: Person) -> None:
    """SecureDrop remembers the last code only; we remember the last step."""
    assert _takes(ana, code(1))
    assert not _takes(ana, code(0))
    assert not _takes(ana, code(-1))


def test_a_clock_one_step_off_is_forgiven_and_two_are_not(ana: Person) -> None:
    assert not _takes(ana, code(-3))
    assert not _takes(ana, code(3))
    assert _takes(ana, code(-1))


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "１２３４５６", "-1", "\x00", "9" * 5000])
def test_what_is_no_code_is_refused(ana: Person, typed: str) -> None:
    assert not _takes(ana, typed)


def test_a_secret_moved_to_another_person_does_not_open(ana: Person) -> None:
    with writing() as session:
        ben = admitted(session, "Ben", "south")
    with reading() as session:
        kept = session.get_one(Person, ana.id).totp_sealed
    assert kept is not None
    assert totp.opened(kept, ana.id) == SECRET
    with pytest.raises(InvalidTag):
        totp.opened(kept, ben.id)


def test_the_database_does_not_hold_the_secret(ana: Person) -> None:
    with reading() as session:
        kept = session.get_one(Person, ana.id).totp_sealed
    assert kept is not None
    assert SECRET.encode() not in kept


def test_the_picture_is_an_image_without_a_script() -> None:
    picture = totp.picture(SECRET, "Ana")
    assert picture.startswith("data:image/svg+xml")
    assert "script" not in picture
