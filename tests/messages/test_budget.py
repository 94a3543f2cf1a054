"""Does every text that goes out by SMS fit two segments, and one where somebody may be in danger?

In scripts outside GSM-7 a segment holds less than half as much: three and two.
"""

import pytest

from bot.channels.segments import for_sms, measure
from bot.rights import library
from messages import catalog, languages
from tests.messages import checks, every_text

BY_SMS = (
    "hotline",
    "joining",
    "outcomes",
    "emergencies",
    "intake",
    "pages",
    "alerts",
    "rights",
    "photos",
    "relay",
    "drills",
    "samples",
)
ANSWERS_AT_ONCE = ("door", "car_stop", "detained")


ANY_TEXT = {"GSM-7": 2, "UCS-2": 3}
TO_A_NEIGHBORHOOD = {"GSM-7": 2, "UCS-2": 2}
"""What everybody in it gets. Those that go out at once are held to one and two (tests/alerts/test_wording)."""


def test_no_text_takes_more_segments_than_its_script_allows() -> None:
    sent = [said for said in every_text.everything() if said.where.split(".")[0].split("/")[0] in BY_SMS]
    assert sent
    assert checks.over_budget(sent, ANY_TEXT) == []
    to_many = [said for said in sent if said.where.startswith("alerts.") and not _says_what_it_was(said)]
    assert to_many
    assert checks.over_budget(to_many, TO_A_NEIGHBORHOOD) == []


def _says_what_it_was(said: every_text.Said) -> bool:
    """A correction is held to its budget with each thing that it may have been (tests/alerts/test_wording)."""
    return "was" in catalog.placeholders(said.where, said.language)


@pytest.mark.parametrize("language", languages.COMPLETE)
@pytest.mark.parametrize("topic", ANSWERS_AT_ONCE)
def test_what_to_do_right_now_takes_one_segment(topic: str, language: str) -> None:
    said = measure(for_sms(library.answer(topic, language, demo=False), language))
    assert said.segments <= (1 if language in checks.GSM_7 else 2)


NAMES_EVERY_LANGUAGE = "hotline.language_ask"


@pytest.mark.parametrize("language", checks.GSM_7)
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


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_who_we_are_fits_too_where_no_operator_is_named(language: str) -> None:
    unnamed = catalog.text("hotline.operator_unnamed", language)
    costs = measure(for_sms(catalog.text("hotline.help", language, operator=unnamed), language))
    assert costs.segments <= ANY_TEXT[costs.encoding]
