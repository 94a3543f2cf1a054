"""Does every language that we call complete say everything, with the same values?"""

import i18n
import pytest

from messages import catalog, languages
from tests.messages import every_text

KEYS = [key for namespace in catalog.namespaces() for key in catalog.keys(namespace)]
FORMS = ("zero", "one", "two", "few", "many", "other")


def plural_stem(key: str) -> str | None:
    """`people` for `people_one`. A key may also just end in `_other`: only a text with a number has forms."""
    stem, _, form = key.rpartition("_")
    if form not in FORMS or f"{stem}_other" not in KEYS:
        return None
    return stem if "count" in catalog.placeholders(f"{stem}_other", "es") else None


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_every_text_exists_in_every_complete_language(language: str) -> None:
    """The console speaks what organizers write in; whoever texts us, volunteers too, is answered in all of them."""
    spoken = [key for key in KEYS if language in languages.STAFF or not key.startswith("console.")]
    absent = [key for key in spoken if language not in catalog.languages_of(plural_stem(key) or key)]
    assert absent == []


@pytest.mark.parametrize("language", languages.WISHED)
def test_a_language_that_is_wished_for_is_answered_in_spanish_until_somebody_speaks_it(language: str) -> None:
    assert languages.chain(language) == (language, "es")
    assert catalog.text("hotline.menu", language) == catalog.text("hotline.menu", "es")


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_a_number_has_each_form_its_language_uses_every_day(language: str) -> None:
    """Spanish `many` begins at a million: `other` serves."""
    needed = {languages.plural_form(count, language) for count in range(200)}
    stems = {stem for key in KEYS if (stem := plural_stem(key))}
    absent = [f"{stem}_{form}" for stem in stems for form in needed if f"{stem}_{form}" not in KEYS]
    assert absent == []


def test_a_text_has_the_same_values_in_every_language() -> None:
    differing = []
    for key in KEYS:
        spoken = [code for code in languages.LANGUAGES if code in catalog.languages_of(key)]
        stored = [code for code in spoken if i18n.translations.has(key, code)]
        if len({catalog.placeholders(key, code) for code in stored}) > 1:
            differing.append(key)
    assert differing == []


def test_every_text_can_be_said_in_every_language_it_exists_in() -> None:
    said = list(every_text.from_the_catalog())
    assert len(said) >= 2 * len(languages.COMPLETE)
    assert [each.where for each in said if "%{" in each.text or not each.text.strip()] == []


def test_every_file_says_who_reviewed_it() -> None:
    for namespace in catalog.namespaces():
        for language in every_text.spoken(namespace):
            assert {"language", "reviewed_by", "reviewed_on"} <= catalog.note(namespace, language).keys()
