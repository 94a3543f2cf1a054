"""Can the checks of our texts fail? Each is given texts that are right, and then the same with one thing wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import i18n
import pytest

from bot.rights import library
from bot.rights.topic import Saying, Topic
from messages import catalog
from messages.catalog import MessageError
from tests.messages import checks
from tests.messages.every_text import Said

LANGUAGES = ("en", "es", "tl", "km")
RIGHT = {
    "en": {"hi": "Hi %{name}", "cars_one": "%{count} car", "cars_other": "%{count} cars"},
    "es": {"hi": "Hola %{name}", "cars_one": "%{count} carro", "cars_other": "%{count} carros"},
    "tl": {"hi": "Kumusta %{name}", "cars_one": "%{count} kotse", "cars_other": "%{count} na kotse"},
    "km": {"hi": "សួស្តី %{name}", "cars_other": "ឡាន %{count}"},
}
Load = Callable[[dict[str, dict[str, str]]], list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Puts a namespace of its own into the catalog and gives its keys; forgotten afterwards."""

    def put(texts: dict[str, dict[str, str]]) -> list[str]:
        for language, said in texts.items():
            lines = [f"_meta: {{language: {language}, reviewed_by: null, reviewed_on: null}}"]
            lines += [f"{key}: '{text}'" for key, text in said.items()]
            (tmp_path / f"sample.{language}.yml").write_text("\n".join(lines), encoding="utf-8")
        catalog.load(tmp_path)
        return list(catalog.keys("sample"))

    yield put
    for stored in i18n.translations.container.values():
        for key in [key for key in stored if key.startswith("sample.")]:
            del stored[key]
    for language in LANGUAGES:
        catalog._notes.pop(("sample", language), None)


def but(language: str, **changed: str | None) -> dict[str, dict[str, str]]:
    """The right texts, with some of one language's changed, or gone."""
    said = {**RIGHT[language], **changed}
    return {**RIGHT, language: {key: text for key, text in said.items() if text is not None}}


def test_right_texts_pass_every_check(load: Load) -> None:
    keys = load(RIGHT)
    for language in LANGUAGES:
        assert checks.absent(language, keys) == checks.absent_forms(language, keys) == []
    assert checks.other_values(keys) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_key_is_found_in_whichever_language_it_is_missing(load: Load, language: str) -> None:
    keys = load(but(language, hi=None))
    assert {code: checks.absent(code, keys) for code in LANGUAGES if checks.absent(code, keys)} == {
        language: ["sample.hi"]
    }


def test_a_missing_text_with_a_number_is_found_too(load: Load) -> None:
    assert "sample.cars_one" in checks.absent("km", load(but("km", cars_other=None)))


@pytest.mark.parametrize("language", ["en", "es", "tl"])
@pytest.mark.parametrize("form", ["one", "other"])
def test_a_missing_plural_form_is_found_though_other_languages_have_it(load: Load, language: str, form: str) -> None:
    keys = load(but(language, **{f"cars_{form}": None}))
    found = checks.absent_forms(language, keys) + checks.absent(language, keys)
    assert f"sample.cars_{form}" in found
    assert checks.absent_forms("km", keys) == []  # which has but one


@pytest.mark.parametrize("said", ["Hola", "Hola %{nombre}", "Hola %{name} de %{place}"])
def test_a_value_that_is_missing_misspelt_or_more_is_found(load: Load, said: str) -> None:
    assert checks.other_values(load(but("es", hi=said))) == ["sample.hi"]


@pytest.mark.parametrize("said", ["100% %{name}", "%name", "Hi %{Name}", "Hi %{name", "% {name}"])
def test_a_stray_percent_sign_stops_the_process_at_once(load: Load, said: str) -> None:
    with pytest.raises(MessageError, match=r"sample\.en\.yml: sample\.hi has a stray %"):
        load(but("en", hi=said))


@pytest.mark.parametrize(
    ("language", "letters", "found"), [("es", 306, 0), ("es", 307, 1), ("km", 201, 0), ("km", 202, 1)]
)
def test_one_letter_over_its_budget_is_found(language: str, letters: int, found: int) -> None:
    said = Said("sample.hi", language, ("ក" if language == "km" else "a") * letters)
    assert len(checks.over_budget([said], {"GSM-7": 2, "UCS-2": 3})) == found


def test_one_accent_that_costs_segments_is_found() -> None:
    """In an SMS the accents of Spanish are dropped where that saves one; a letter of another script cannot be."""
    assert checks.over_budget([Said("x", "es", "á" * 306)], {"GSM-7": 2, "UCS-2": 3}) == []
    assert checks.over_budget([Said("x", "es", "ក" + "a" * 160)], {"GSM-7": 2, "UCS-2": 3}) == ["x (es): 3"]


def with_saying(topic: Topic, language: str, saying: Saying) -> Topic:
    return replace(topic, words={**topic.words, language: replace(topic.words[language], short=saying)})


@pytest.mark.parametrize(
    "said", ["Call.", "Call %{phone_larrn}.", "Call %{phone_oia} or %{phone_larrn}.", "Call 800-593-8222."]
)
def test_a_translation_that_names_another_number_is_found(said: str) -> None:
    fraud = library.topic("threats")
    assert checks.other_numbers(fraud) == []
    short = replace(fraud.words["vi"].short, with_phone=said)
    assert checks.other_numbers(with_saying(fraud, "vi", short)) == ["threats (vi)"]


@pytest.mark.parametrize(
    "said", ["Call %{phone_nobody}.", "Call %{fone_oia}.", "Call %(phone_oia).", "50% of %{phone_oia"]
)
def test_a_number_that_the_directory_does_not_know_is_found(said: str) -> None:
    topic = with_saying(library.topic("threats"), "ko", Saying(said))
    assert checks.stray_percents(topic) == [f"threats (ko): {said}"]


def test_a_review_date_that_has_passed_is_listed() -> None:
    door = library.topic("door")
    signed = replace(door, reviewed_by="A. Lawyer", reviewed_on=date(2026, 11, 22), reviewed_mark=door.mark)
    assert signed.review(door.review_by - timedelta(days=1)) is library.Review.GOOD
    assert signed.review(door.review_by) is library.Review.DUE
