"""Is a text taken for what it is in each language? Cries, what only sounds like one, sightings, hearsay and chatter.

`data/variants.tsv` (language, text, intent) holds what people in the same trouble write differently, and what is near to it: last
month's raid, a bad dream, a boss who threatens, a car that was nothing. What must be reached stands beside each.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from bot.hotline.understanding import understand
from messages.languages import COMPLETE

VARIANTS = Path(__file__).parent / "data" / "variants.tsv"
LEAST_EMERGENCIES = 0.97
MOST_FALSE_EMERGENCIES = 0.03
LEAST_REPORTS = 0.95
LEAST_HEARSAY = 0.85
LEAST_LANGUAGE = 0.97
ENOUGH_WORDS = 5
EVERY = pytest.mark.parametrize("language", [*COMPLETE, "mix"])


@cache
def taken_for(language: str) -> dict[str, list[tuple[str, str]]]:
    """What each text of this language is, and what it was taken for."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in VARIANTS.read_text(encoding="utf-8").splitlines():
        code, text, intent = line.split("\t")
        if code == language:
            understood = understand(text)
            taken = "rumor_check" if understood.topic == "rumor" else understood.intent
            found[intent].append((taken, text))
    return found


def right(language: str, intent: str) -> float:
    taken = taken_for(language)[intent]
    return sum(each == intent for each, _ in taken) / max(1, len(taken))


@EVERY
def test_whoever_cries_out_is_heard(language: str) -> None:
    missed = [text for taken, text in taken_for(language)["emergency"] if taken != "emergency"]
    assert right(language, "emergency") >= LEAST_EMERGENCIES, missed


@EVERY
def test_what_only_sounds_like_a_cry_raises_no_alarm(language: str) -> None:
    others = [each for intent, texts in taken_for(language).items() if intent != "emergency" for each in texts]
    raised = [text for taken, text in others if taken == "emergency"]
    assert len(raised) / len(others) <= MOST_FALSE_EMERGENCIES, raised


@EVERY
@pytest.mark.parametrize(("intent", "least"), [("report", LEAST_REPORTS), ("rumor_check", LEAST_HEARSAY)])
def test_sightings_and_hearsay_are_told_apart(language: str, intent: str, least: float) -> None:
    assert right(language, intent) >= least, taken_for(language)[intent]


@pytest.mark.parametrize("language", COMPLETE)
def test_five_words_tell_their_language(language: str) -> None:
    texts = [text for each in taken_for(language).values() for _, text in each if len(text.split()) >= ENOUGH_WORDS]
    wrong = [text for text in texts if understand(text).language != language]
    assert len(wrong) <= (1 - LEAST_LANGUAGE) * len(texts), wrong


@pytest.mark.parametrize(
    "text",
    [
        "aqui", "ahorita", "en mi trabajo", "cerca de mi casa", "mi casa", "ya se fueron", "momento", "una camioneta", "here",
        "at my job", "near my house", "at home", "they left", "just now", "wait", "nobody", "im home now", "we are ok",
        "my house", "sa kanto", "ở góc đường", "在路口", "코너에요",
    ],
)  # fmt: skip
def test_a_short_answer_is_no_cry(text: str) -> None:
    assert understand(text).intent != "emergency"
