"""Every text that people get can be read on one's own phone: whole, made up, marked, and never as an alert."""

import re
from collections.abc import Iterator

import pytest

from bot.channels.segments import MOST_SEGMENTS, for_sms, measure
from bot.contacts.models import Channel
from bot.incidents.opening import CODE_DIGITS
from bot.outbox import answers, own_words, released_only, samples
from bot.outbox.delivery_models import Delivery
from bot.rights import library, sayings
from messages import catalog, languages
from messages import samples as made_up
from tests.messages import checks
from tests.messages.test_budget import BY_SMS

COLUMN = Delivery.__table__.c["key"]


def _texts() -> Iterator[tuple[str, str]]:
    for name in catalog.namespaces():
        for key in catalog.keys(name) if name != "console" else ():
            for language in languages.WRITTEN:
                if key not in released_only.KEYS and catalog.has(key, language):
                    yield key, language


def _all() -> list[tuple[str, str]]:
    topics = [(sayings.key(topic.id), language) for topic in library.topics() for language in languages.WRITTEN]
    return [*_texts(), *topics]


def test_every_text_has_a_sample_that_says_so_first_and_has_no_gap_left() -> None:
    assert len(_all()) > 1000
    for key, language in _all():
        said = samples.said(samples.key(key), language)
        assert said.startswith(f"{catalog.text(samples.MARK, language)} "), (key, language)
        assert "%" not in said, (key, language, said)


def test_a_sample_takes_at_most_one_segment_more_than_the_text_may() -> None:
    for key, language in _all():
        if key.partition(".")[0] in (*BY_SMS, "topic"):
            cost = measure(for_sms(samples.said(samples.key(key), language), language))
            most = MOST_SEGMENTS["GSM-7" if language in checks.GSM_7 else "UCS-2"]
            assert cost.segments <= most + 1, (key, language, cost)


def test_its_name_fits_where_a_deliverys_name_is_kept() -> None:
    assert max(len(samples.key(key)) for key, _ in _all()) <= COLUMN.type.length  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", released_only.KEYS)
def test_what_two_people_let_out_is_no_sample(key: str) -> None:
    with pytest.raises(answers.WORDLESS):
        answers.words(samples.key(key), "es", Channel.SMS, {})


@pytest.mark.parametrize("key", ["no.such", "", "topic.door.99", "topic.none.0", "sample.hotline.empty"])
def test_what_we_do_not_say_has_no_sample(key: str) -> None:
    with pytest.raises(answers.WORDLESS):
        answers.words(samples.key(key), "en", Channel.SMS, {})


def test_the_values_of_a_row_change_nothing() -> None:
    plain = answers.words("sample.pages.lease", "en", Channel.SMS, {})
    assert answers.words("sample.pages.lease", "en", Channel.SMS, {"place": "Pacific & Florence"}) == plain


def test_every_value_is_asked_for_by_some_text() -> None:
    """One that no text needs any more would be an example of nothing."""
    asked = {name for key, language in _all() if "." in key and catalog.has(key, language)
             for name in catalog.placeholders(key, language)}  # fmt: skip
    asked |= {name for key in released_only.KEYS for name in catalog.placeholders(key, "en")}
    assert {*made_up.VALUES, *made_up.TEXTS} <= asked
    for key, values in made_up.IN_ONE_TEXT.items():
        assert values.keys() <= catalog.placeholders(key, "en")


def test_nothing_of_a_sample_is_anybodys() -> None:
    values = {name: str(value) for name, value in made_up.VALUES.items()}
    assert values["host"].endswith(".example")
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", values["phone"])
    assert "0" in values["code"] and "0" not in CODE_DIGITS


@pytest.mark.parametrize("language", languages.STAFF)
def test_a_question_in_a_sample_could_have_been_asked(language: str) -> None:
    assert own_words.trouble(catalog.text("samples.question", language), language) is None
