"""Who comes in, who does not, and who cannot keep somebody else out."""

import pytest
from time_machine import travel

from bot.clock import ahead
from bot.people import sign_in
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.people.conftest import PASSPHRASE, code


def _tries(
    name: str = "Ana",
    passphrase: str = PASSPHRASE,
    shown: str | None = None,
    *,
    known_browser: object = False,
) -> bool:
    with writing() as session:
        return sign_in.prove(session, name, passphrase, shown or code(), known_browser=bool(known_browser)) is not None


@pytest.mark.usefixtures("ana")
def test_the_right_three_come_in_whatever_the_letters_case() -> None:
    assert _tries(name=" ana ")


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    "wrong", [{"name": "Nobody"}, {"passphrase": "cuatro gatos cruzan el puente"}, {"shown": "000000"}]
)
def test_any_wrong_one_does_not(wrong: dict[str, str]) -> None:
    assert not _tries(**wrong)


@pytest.mark.usefixtures("ana")
def test_a_code_seen_over_somebodys_shoulder_is_used_up() -> None:
    seen = code()
    assert _tries(shown=seen)
    assert not _tries(shown=seen)


def test_a_revoked_person_does_not_come_in(ana: Person) -> None:
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, ana.id))
    assert not _tries()


@pytest.mark.usefixtures("ana")
def test_guessing_passphrases_is_slowed_down_for_everybody_but_a_known_browser() -> None:
    for _ in range(6):
        assert not _tries(passphrase="wrong wrong wrong wrong")
    assert not _tries(), "the right passphrase, held up like a guess"
    assert _tries(known_browser=True), "nobody keeps a volunteer out by guessing"


@pytest.mark.usefixtures("ana")
def test_the_hold_is_over_within_a_minute() -> None:
    for _ in range(30):
        _tries(passphrase="wrong wrong wrong wrong")
    with travel(ahead(seconds=61), tick=True):
        assert _tries()


@pytest.mark.usefixtures("ana")
def test_guessing_codes_holds_every_browser() -> None:
    for _ in range(8):
        assert not _tries(shown="000000", known_browser=True)
    assert not _tries(known_browser=True)
    with travel(ahead(minutes=16), tick=True):
        assert _tries(shown=code(), known_browser=True)


def test_coming_in_forgets_the_wrong_tries(ana: Person) -> None:
    _tries(passphrase="wrong wrong wrong wrong")
    assert _tries()
    with reading() as session:
        again = session.get_one(Person, ana.id)
    assert (again.failed_sign_ins, again.failed_codes) == (0, 0)
