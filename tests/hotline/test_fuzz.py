"""Does every text get an answer, and none an exception? 10,000 of any kind, and all that we know people to have written.

In CI hypothesis takes the same ones each time (its `ci` profile), elsewhere others each time.
"""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from werkzeug.test import TestResponse

from bot.channels.segments import for_sms, measure
from bot.hotline import preview
from bot.rights import learning
from messages import languages
from tests.hotline import any_text
from tests.hotline.conftest import Resident, texts_in
from tests.hotline.signed import FORM, post

INTENTS = {"command", "emergency", "report", "rumor_check", "question", "other"}
SPOKEN = (None, *languages.LANGUAGES, "es-MX", "zh_TW", "fr", "", "??")
MOST_SEGMENTS = 3


def answered(text: str, language: str | None = None) -> dict[str, Any]:
    """The line for a text, which can be printed, sent, and afforded."""
    line = preview.explained(text, language)
    assert line["intent"] in INTENTS
    assert json.dumps(line, ensure_ascii=False).encode()
    reply = line["reply"]
    assert reply.strip() and "%{" not in reply
    spoken = line["language"] if line["language"] and languages.is_complete(line["language"]) else "en"
    assert measure(for_sms(reply, spoken)).segments <= MOST_SEGMENTS, reply
    return line


def text_in(door: FlaskClient, text: str, n: int) -> TestResponse:
    """From one of a hundred phones, so that pieces, open questions and cries before it have their say."""
    sent = {"Body": any_text.encoded(text), "MessageSid": f"SM{n:032x}", "From": f"+1323555{100 + n % 100:04d}"}
    return post(door, FORM | sent)


@pytest.mark.slow
@given(text=any_text.anything, language=some.sampled_from(SPOKEN))
@settings(max_examples=4_500, deadline=None)
@example("", None)
@example(" \t\r\n\u3000", "es")
def test_any_letters_at_all_are_answered(text: str, language: str | None) -> None:
    answered(text, language)


@pytest.mark.slow
@given(text=some.one_of(any_text.disturbed(), any_text.mixed()), language=some.sampled_from(SPOKEN))
@settings(max_examples=4_000, deadline=None)
@example("LB,", "fr")
def test_what_people_write_is_answered_however_it_was_mangled(text: str, language: str | None) -> None:
    answered(text, language)


@pytest.mark.slow
@given(text=some.one_of(any_text.only_signs, any_text.only_marks))
@settings(max_examples=1_200, deadline=None)
def test_signs_and_marks_without_a_letter_are_answered(text: str) -> None:
    answered(text)


@pytest.mark.slow
@given(text=any_text.longest())
@settings(max_examples=300, deadline=None)
def test_the_longest_texts_are_answered(text: str) -> None:
    answered(text)


@pytest.mark.slow
def test_every_text_we_know_people_to_have_written_is_answered() -> None:
    """Some of them with nothing before, and some to a person whose language we know."""
    for text in any_text.written():
        answered(text)
    for language, text, _ in learning.phrases()[::20]:
        answered(text, language if language in languages.LANGUAGES else None)


@given(
    text=some.one_of(any_text.anything, any_text.disturbed(), any_text.only_signs, any_text.only_marks),
    n=some.integers(0, 10**9),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_by_the_real_door_they_are_kept_and_answered(door: FlaskClient, text: str, n: int) -> None:
    answer = text_in(door, text, n)
    assert answer.status_code == 200
    assert all(said.strip() for said in texts_in(answer.text))


@given(text=any_text.longest(), n=some.integers(0, 10**9))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_are_the_longest(door: FlaskClient, text: str, n: int) -> None:
    answer = text_in(door, text, n)
    assert answer.status_code == 200


@given(
    texts=some.lists(
        some.one_of(
            any_text.disturbed(), any_text.only_signs, some.sampled_from(("1", "2", "si", "no", "MAS", "HOLA"))
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_person_may_write_anything_in_any_order(rosa: Resident, texts: list[str]) -> None:
    """Half letters among it, as the carrier's list may bring them."""
    for text in texts:
        rosa.texts(text)
