"""Does every text that goes out by SMS fit two segments, and one where somebody may be in danger?

In scripts outside GSM-7 a segment holds less than half as much: three and two.
"""

import pytest

from bot.channels.segments import for_sms, measure
from bot.rights import library
from messages import languages
from tests.messages import every_text

BY_SMS = ("hotline", "joining", "outcomes", "emergencies", "intake", "pages", "alerts", "rights")
GSM_7 = ("en", "es", "tl")
ANSWERS_AT_ONCE = ("door", "car_stop", "detained")


def segments(said: every_text.Said) -> int:
    return measure(for_sms(said.text, said.language)).segments


def most(said: every_text.Said) -> int:
    """Two; in a script outside GSM-7 three, and two for what a whole neighborhood gets."""
    return 2 if said.language in GSM_7 or said.where.startswith("alerts.") else 3


def test_no_text_takes_more_segments_than_its_script_allows() -> None:
    sent = [said for said in every_text.everything() if said.where.split(".")[0].split("/")[0] in BY_SMS]
    assert sent
    assert [f"{said.where} ({said.language}): {segments(said)}" for said in sent if segments(said) > most(said)] == []


@pytest.mark.parametrize("language", languages.COMPLETE)
@pytest.mark.parametrize("topic", ANSWERS_AT_ONCE)
def test_what_to_do_right_now_takes_one_segment(topic: str, language: str) -> None:
    said = measure(for_sms(library.answer(topic, language, demo=False), language))
    assert said.segments <= (1 if language in GSM_7 else 2)


NAMES_EVERY_LANGUAGE = "hotline.language_ask"


@pytest.mark.parametrize("language", GSM_7)
def test_no_text_in_the_latin_alphabet_of_gsm_7_costs_ucs2(language: str) -> None:
    costly = {
        said.where: costs.costly
        for said in every_text.everything()
        if said.language == language
        and said.where != NAMES_EVERY_LANGUAGE
        and said.where.split(".")[0].split("/")[0] in BY_SMS
        if (costs := measure(for_sms(said.text, language))).encoding == "UCS-2" and costs.segments > 1
    }
    assert costly == {}
