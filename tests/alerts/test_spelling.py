"""A code is found however it was typed; another alert's is never taken for it, and no place is taken for a code."""

import pytest

from bot.alerts import correction, known, spelling
from bot.incidents.opening import CODE_DIGITS, CODE_LETTERS, new_code
from bot.outbox.models import Kind
from messages import catalog, languages
from tests.alerts.stage import Stage


@pytest.fixture
def told(stage: Stage) -> Stage:
    stage.incident.code = "K7B"
    stage.town.session.flush()  # whoever holds it reads it anew
    stage.found()
    stage.release()
    return stage


@pytest.mark.parametrize(
    "typed", ["K7B", "k7b", " K 7 B ", "K-7-B", "k7b?", "К7В", "Κ7Β", "Ｋ７Ｂ", "K78", "KTB", "#K7B", "(k7b)"]
)
def test_however_it_was_typed_it_is_that_alert(told: Stage, typed: str) -> None:
    assert known.is_code(told.town.session, typed)
    assert known.of_code(told.town.session, typed).kind == "confirmed"


@pytest.mark.parametrize("typed", ["K7C", "K8B", "K7BB", "A7B", "К7С"])
def test_another_code_is_not_ours(told: Stage, typed: str) -> None:
    assert known.of_code(told.town.session, typed).kind == "unknown_code"


@pytest.mark.parametrize("typed", ["6th", "5 st", "90255", "hp", "gage", "florence y pacific", "k7", "7-11", "", "777"])
def test_a_place_is_no_code(told: Stage, typed: str) -> None:
    assert not known.is_code(told.town.session, typed)


def test_every_code_we_make_is_read_as_itself() -> None:
    for _ in range(300):
        code = new_code()
        assert spelling.exact(code) == code and list(spelling.likely(code)) == [code]
    assert not set(CODE_LETTERS) & set("ILO") and not set(CODE_DIGITS) & set("01")


def test_an_old_code_still_says_what_the_genuine_one_said(told: Stage) -> None:
    session = told.town.session
    correction.propose_correction(session, told.incident, told.omar, "police")
    told.release(Kind.CORRECTION)
    assert known.of_code(session, "k 7 b").kind == "corrected"


KINDS = ("confirmed", "over", "expired", "corrected", "corrected_unfounded", "doubted", "unknown_code")


@pytest.mark.parametrize("language", languages.COMPLETE)
@pytest.mark.parametrize("kind", KINDS)
def test_each_answer_to_a_code_repeats_it_in_every_language(kind: str, language: str) -> None:
    assert "%{code}" in catalog.raw(f"alerts.known_{kind}", language)
