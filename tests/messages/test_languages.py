"""Do we know a language by its name, its plural and what stands in for it?"""

import pytest

from messages import languages
from messages.wording import plain


@pytest.mark.parametrize(
    ("written", "code"),
    [("Español", "es"), ("ESPANOL", "es"), ("castellano", "es"), ("Spanish", "es"), ("es", "es"), ("inglés", "en"),
     ("ingles", "en"), ("English!", "en"), ("khmer", "km"), ("ខ្មែរ", "km"), ("Tiếng Việt", "vi"), ("tieng viet", "vi"),
     ("中文", "zh"), ("한국어", "ko"), ("Filipino", "tl"), ("klingon", None), ("", None)],
)  # fmt: skip
def test_a_language_is_known_by_the_names_people_write(written: str, code: str | None) -> None:
    assert languages.language_by_name(written) == code


def test_no_two_languages_share_a_name() -> None:
    names = [
        name for known in languages.LANGUAGES.values() for name in (known.code, known.own_name, *known.also_called)
    ]
    folded = [plain(name) for name in names]
    assert len(folded) == len(set(folded))


def test_each_chain_ends_in_a_complete_language() -> None:
    for code in (*languages.LANGUAGES, "es-MX", "zh_CN", "fr"):
        assert languages.is_complete(languages.chain(code)[-1])
    assert languages.chain("es-MX") == ("es-MX", "es")
    assert languages.chain("km") == ("km", "en")


def test_plurals_follow_cldr() -> None:
    assert [languages.plural_form(count, "es") for count in (0, 1, 2, 1_000_000)] == [
        "other",
        "one",
        "other",
        "many",
    ]
    assert [languages.plural_form(count, "km") for count in (1, 5)] == ["other", "other"]
    assert [languages.plural_form(count, "tl") for count in (1, 4, 5)] == ["one", "other", "one"]


def test_the_numbers_offered_lead_to_complete_languages() -> None:
    assert all(languages.is_complete(code) for code in languages.CHOICES.values())
    assert {known.direction for known in languages.LANGUAGES.values()} == {"ltr"}
