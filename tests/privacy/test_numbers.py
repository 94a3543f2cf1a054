"""A number is sealed by those who cannot read it, found by its mark, and opened only with the private key."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.privacy import numbers
from bot.privacy.keys import KeyMissing, fresh, trouble
from tests.services.settings import Environment

ROSA = "+13235550101"


@pytest.mark.parametrize(
    "spelling", [ROSA, "323-555-0101", "(323) 555 0101", "1 323 555 0101", f"whatsapp:{ROSA}", " +1 323.555.0101 "]
)
def test_every_spelling_of_a_number_is_one_address(spelling: str) -> None:
    assert numbers.address(spelling) == ROSA


def test_a_whatsapp_id_is_an_address_without_a_number() -> None:
    assert numbers.address("whatsapp:US.abc123") == "whatsapp:US.abc123"
    assert numbers.country_code("whatsapp:US.abc123") is None


@pytest.mark.parametrize("nonsense", ["", "call me", "whatsapp:", "+1", "12", "whatsapp:us.abc"])
def test_what_is_no_address_is_refused_without_repeating_it(nonsense: str) -> None:
    with pytest.raises(numbers.NotAnAddress) as refused:
        numbers.address(nonsense)
    assert not nonsense.strip() or nonsense not in str(refused.value)


def test_a_sealed_number_opens_only_for_its_own_row(env: Environment) -> None:
    sealed = numbers.seal(ROSA)
    assert numbers.open_sealed(sealed, numbers.tag(ROSA)) == ROSA
    with pytest.raises(numbers.CannotOpen):
        numbers.open_sealed(sealed, numbers.tag("+13235550102"))


def test_the_same_number_is_sealed_differently_each_time(env: Environment) -> None:
    assert numbers.seal(ROSA) != numbers.seal(ROSA)


def test_without_the_private_key_nothing_opens(env: Environment) -> None:
    sealed = numbers.seal(ROSA)
    env.unset("number_private_key")
    with pytest.raises(KeyMissing, match="NUMBER_PRIVATE_KEY"):
        numbers.open_sealed(sealed, numbers.tag(ROSA))


def test_another_key_opens_nothing(env: Environment) -> None:
    sealed = numbers.seal(ROSA)
    env.set(number_private_key=fresh()["NUMBER_PRIVATE_KEY"])
    with pytest.raises(numbers.CannotOpen):
        numbers.open_sealed(sealed, numbers.tag(ROSA))


def test_the_ledger_marks_the_same_number_otherwise(env: Environment) -> None:
    assert numbers.ledger_tag(ROSA) != numbers.tag(ROSA)


def test_equal_or_missing_keys_are_named_without_their_value(env: Environment) -> None:
    assert trouble() == []
    key = fresh()["TEXT_KEY"]
    env.set(text_key=key, number_tag_key=key)
    assert any("equals" in line for line in trouble())
    assert not any(key in line for line in trouble())
    env.unset("text_key")
    assert any("TEXT_KEY is not set" in line for line in trouble())


@given(some.text(max_size=40))
def test_no_text_at_all_breaks_the_reading_of_an_address(text: str) -> None:
    with contextlib.suppress(numbers.NotAnAddress):
        assert numbers.address(text).startswith(("+", "whatsapp:"))
