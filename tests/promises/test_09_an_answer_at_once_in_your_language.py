"""Promise 9. An answer at once, in your language, from words a lawyer can review: versioned, sourced, with a review date."""

import datetime as dt

import pytest

from bot.rights import library
from messages import catalog, languages
from tests.messages.written_in import languages_of
from tests.services.system import Hotline


def test_every_rights_answer_has_sources_a_review_date_and_claims_no_review_it_did_not_have() -> None:
    for topic in library.topics():
        assert topic.sources and topic.facts, topic.id
        assert topic.review_by > dt.date(2026, 11, 22), topic.id
        assert topic.reviewed_by is None, topic.id


def test_every_text_exists_in_every_complete_language() -> None:
    for namespace in catalog.namespaces():
        for key in catalog.keys(namespace):
            needed = languages.STAFF if namespace == "console" else languages.COMPLETE
            assert set(needed) <= set(languages_of(key)) or key.endswith(("_one", "_many")), key


@pytest.mark.parametrize(
    ("line", "question", "said"),
    [
        (151, "que hago si la migra toca a mi puerta?", "juez"),
        (152, "what do i do if ice knocks on my door?", "judge"),
        (153, "can they stop me while im driving", "license"),
        (154, "me pueden parar en el carro, que enseño", "licencia"),
    ],
)
def test_a_question_by_text_is_answered_in_the_language_it_was_asked_in(
    hotline: Hotline, line: int, question: str, said: str
) -> None:
    hotline.phone(f"+13235550{line}").answers_with(question, said)


def test_seven_languages_are_complete() -> None:
    assert set(languages.COMPLETE) == {"en", "es", "km", "tl", "vi", "zh", "ko"}
