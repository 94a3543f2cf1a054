"""Does every language that we call complete say everything, with the same values?"""

import pytest

from bot.rights import library
from messages import catalog, languages
from tests.messages import checks, every_text

KEYS = checks.keys()


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_every_text_exists_in_every_complete_language(language: str) -> None:
    """The console speaks what organizers write in; whoever texts us, volunteers too, is answered in all of them."""
    spoken = [key for key in KEYS if language in languages.STAFF or not key.startswith("console.")]
    assert checks.absent(language, spoken) == []


@pytest.mark.parametrize("language", languages.WISHED)
def test_a_language_that_is_wished_for_is_answered_in_spanish_until_somebody_speaks_it(language: str) -> None:
    assert languages.chain(language) == (language, "es")
    assert catalog.text("hotline.menu", language) == catalog.text("hotline.menu", "es")


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_a_number_has_each_form_its_language_uses_every_day(language: str) -> None:
    assert checks.absent_forms(language, KEYS) == []


def test_a_text_has_the_same_values_in_every_language() -> None:
    assert checks.other_values(KEYS) == []


@pytest.mark.parametrize("topic", library.topics(), ids=lambda topic: topic.id)
def test_a_topic_names_the_same_numbers_in_every_language_and_none_that_nobody_knows(topic: library.Topic) -> None:
    assert checks.other_numbers(topic) == []
    assert checks.stray_percents(topic) == []


def test_every_text_can_be_said_in_every_language_it_exists_in() -> None:
    said = list(every_text.from_the_catalog())
    assert len(said) >= 2 * len(languages.COMPLETE)
    assert [each.where for each in said if "%{" in each.text or not each.text.strip()] == []


def test_every_file_says_who_reviewed_it() -> None:
    for namespace in catalog.namespaces():
        for language in every_text.spoken(namespace):
            assert {"language", "reviewed_by", "reviewed_on"} <= catalog.note(namespace, language).keys()
