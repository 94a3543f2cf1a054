"""What people wrote is kept encrypted, and a copy of it in another row opens nothing."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as some

from bot.privacy import texts
from tests.services.settings import Environment


def test_a_text_opens_in_its_row_and_nowhere_else(env: Environment) -> None:
    locked = texts.lock("la migra está en la Pacific", "inbox:SM1")
    assert b"migra" not in locked
    assert texts.unlock(locked, "inbox:SM1") == "la migra está en la Pacific"
    with pytest.raises(texts.CannotRead):
        texts.unlock(locked, "inbox:SM2")


def test_a_changed_byte_is_noticed(env: Environment) -> None:
    locked = bytearray(texts.lock("hola", "r"))
    locked[-1] ^= 1
    with pytest.raises(texts.CannotRead):
        texts.unlock(bytes(locked), "r")


@pace(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(alphabet=some.characters(codec=None)))
def test_any_unicode_survives_even_half_an_emoji(env: Environment, text: str) -> None:
    assert texts.unlock(texts.lock(text, "r"), "r") == text
