"""How residents text: every sample goes in as a signed webhook and gets an answer, in its language or asked back."""

import csv
from pathlib import Path

import pytest

from messages import languages, tongue
from tests.hotline.conftest import texts_in
from tests.services.system import Hotline

OURS = Path(__file__).parent.parent / "hotline" / "data" / "intents.tsv"
SHARED = Path(__file__).parents[3] / "shared" / "samples"


def _samples() -> list[tuple[str, str]]:
    """(language, text): our own phrases, and the shared samples where they lie beside the checkout."""
    found = [(row[0], row[1]) for row in _rows(OURS)]
    if SHARED.exists():
        found += [(row[0], row[1]) for row in _rows(SHARED / "questions_dev.tsv")]
        found += [(row[1], row[2]) for row in _rows(SHARED / "reports_dev.tsv")[1:]]
    return found


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8") as lines:
        return [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1]


@pytest.mark.slow
def test_every_sample_is_answered_in_its_language(hotline: Hotline) -> None:
    wrong = []
    for n, (language, text) in enumerate(_samples()):
        phone = hotline.phone(f"+1{213 + n // 100}55501{n % 100:02d}")
        told = phone.texts(text)
        assert told["status"] == 200, text
        answers = texts_in(told["twiml"]) or [phone.receives("")]
        if not _fits(language, text, answers):
            wrong.append((language, text, answers))
    share = len(wrong) / len(_samples())
    assert share <= 0.03, f"{len(wrong)} of {len(_samples())} in another language:\n" + "\n".join(map(str, wrong[:20]))


def _fits(language: str, text: str, answers: list[str]) -> bool:
    heard = {tongue.guess(answer).code for answer in answers}
    # One short word may belong to both; then either language is an answer.
    return bool(heard & {"en", "es"}) if language == "mix" else language in heard or len(text.split()) < 3


def test_the_samples_are_many_and_in_every_language_we_know() -> None:
    assert len(_samples()) >= 300
    assert {language for language, _ in _samples()} >= set(languages.COMPLETE)
