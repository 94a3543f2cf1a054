"""Can a number that nobody has called leave by any way? Outside a demo never; the day somebody has, it does."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine

from bot.hotline import preview
from bot.rights import library
from messages import directory, languages
from tests.hotline.conftest import Resident
from tests.messages import every_text
from tests.services.settings import Environment

pytestmark = pytest.mark.usefixtures("nobody_called")

CALLED_ON = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)


def dialled() -> dict[str, str]:
    """What fingers would type, by entry."""
    return {each.id: re.sub(r"\D", "", each.number or "") for each in directory.entries() if each.is_phone}


def numbers_in(text: str) -> set[str]:
    """The entries whose number is in a text, however it is set apart: 213-830-7911, (213) 830 7911, 2138307911."""
    digits = {re.sub(r"\D", "", run) for run in re.findall(r"\+?[\d(][\d\s().\-\u2010-\u2015]*\d|\d", text)}
    return {name for name, number in dialled().items() if digits & {number, f"1{number}"}}


@pytest.fixture
def called(nobody_called: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody called the county's office today, and no other."""
    known = dict(directory._entries())
    known["phone_oia"] = replace(known["phone_oia"], verified_on=CALLED_ON)
    monkeypatch.setattr(directory, "_entries", lambda: known)


def every_reply(demo: bool) -> Iterator[str]:
    yield from (said.text for said in every_text.from_rights(demo))
    yield from (said.text for said in every_text.from_the_catalog())


def test_a_number_is_seen_however_it_is_written() -> None:
    assert (
        numbers_in("call 213-830-7911.")
        == numbers_in("(213) 830 7911")
        == numbers_in("+1 2138307911")
        == {"phone_ice_la"}
    )
    assert numbers_in("988") == {"phone_988"}
    assert numbers_in("In 2025, SB 54 and 19880 others; 911") == set()


def test_no_text_of_ours_holds_one_outside_a_demo() -> None:
    assert {name for text in every_reply(demo=False) for name in numbers_in(text)} == set()
    assert {name for text in every_reply(demo=True) for name in numbers_in(text)} >= {
        "phone_larrn",
        "phone_eoir",
        "phone_988",
    }


@pytest.mark.usefixtures("called")
def test_the_day_somebody_called_it_it_is_said_and_nothing_else_is() -> None:
    with time_machine.travel(NOON, tick=False):
        assert {name for text in every_reply(demo=False) for name in numbers_in(text)} == {"phone_oia"}
    with time_machine.travel(NOON + dt.timedelta(days=366), tick=False):
        assert {name for text in every_reply(demo=False) for name in numbers_in(text)} == set()


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_no_question_brings_one_up_outside_a_demo(env: Environment, language: str) -> None:
    env.set(demo=False)
    asked = [word for topic in library.topics() for word in topic.situation_words[language]]
    replies = [preview.explained(word, language)["reply"] for word in asked]
    assert {name for reply in replies for name in numbers_in(reply)} == set()


@pytest.mark.parametrize("word", ["ABOGADO", "FIANZA", "CONSULADO", "MIEDO", "BUSCO", "FRAUDE"])
def test_by_the_real_door_it_is_held_back_too(rosa: Resident, env: Environment, word: str) -> None:
    rosa.texts("HOLA")
    in_a_demo = [rosa.asks(word), rosa.asks("MAS"), rosa.asks("MAS")]
    env.set(demo=False)
    outside = [rosa.asks(word), rosa.asks("MAS"), rosa.asks("MAS")]
    assert {name for text in outside for name in numbers_in(text)} == set()
    assert any(numbers_in(text) for text in in_a_demo) or word == "FIANZA"


@pytest.mark.usefixtures("called")
def test_by_the_real_door_it_is_said_once_somebody_called_it(rosa: Resident, env: Environment) -> None:
    rosa.texts("HOLA")
    env.set(demo=False)
    with time_machine.travel(NOON, tick=True):
        assert numbers_in(rosa.asks("AMENAZA")) == {"phone_oia"}
        assert numbers_in(rosa.asks("ABOGADO")) == set()  # two others stand in the same sentence
