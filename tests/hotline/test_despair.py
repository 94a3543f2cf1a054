"""Somebody thinks of ending their life: are they told at once who listens, and not asked what they mean, or for streets?"""

from collections.abc import Callable

import pytest

from bot.hotline.understanding import understand
from tests.hotline.conftest import Resident

IN_DESPAIR = [
    "i want to kill myself",
    "i dont wanna live no more",
    "im gonna kill myself if they take me back",
    "my son says he wants to die since they took his dad",
    "tengo ganas de matarme",
    "ya no quiero vivir",
    "mi hermana se quiere quitar la vida",
    "gusto ko nang mamatay",
    "tôi muốn tự tử",
    "我想自杀",
    "죽고 싶어요",
    "살고 싶지 않아",
    "ចង់សម្លាប់ខ្លួន",
]
IN_DANGER = ["me quieren matar", "quieren quitarme la vida", "they are going to kill us", "van a matar a mi hermano"]
"""By another's hand."""
NEITHER = ["kill yourself illegals", "they want to kill my dog", "xin nói từ từ thôi", "te extraño me muero jaja"]


@pytest.mark.parametrize("text", IN_DESPAIR)
def test_who_listens_is_named_at_once(text: str) -> None:
    meant = understand(text)
    assert (meant.intent, meant.topic) == ("question", "mental_health")


@pytest.mark.parametrize("text", IN_DANGER)
def test_whom_others_want_to_kill_is_in_danger(text: str) -> None:
    assert understand(text).intent == "emergency"


@pytest.mark.parametrize("text", NEITHER)
def test_what_only_has_the_words_is_neither(text: str) -> None:
    meant = understand(text)
    assert meant.intent != "emergency"
    assert not (meant.intent == "question" and meant.topic == "mental_health" and "kill" in text)


def test_in_the_middle_of_a_report_too(resident: Callable[..., Resident]) -> None:
    told = resident(1)
    told.texts("ICE at Pacific and Gage, 2 white vans")
    answer = told.asks("i want to kill myself")
    assert "911" in answer and "988" in answer


def test_after_a_cry_for_help_too(resident: Callable[..., Resident]) -> None:
    told = resident(2)
    told.texts("they are breaking my door")
    answers = told.texts("i want to kill myself")
    assert any("988" in one for one in answers)


def test_after_stop_too(resident: Callable[..., Resident]) -> None:
    told = resident(3)
    told.texts("STOP")
    assert "988" in told.asks("i want to kill myself")
