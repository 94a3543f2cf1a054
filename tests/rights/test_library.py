"""Is every know-your-rights answer there, sourced, dated and short?"""

import re
from datetime import date, timedelta

import pytest

from bot.channels.segments import for_sms, measure
from bot.rights import library
from messages import directory, languages

WRITTEN_ON = date(2026, 11, 22)
TOPICS = [
    "door",
    "warrant",
    "silence",
    "street_stop",
    "car_stop",
    "checkpoint",
    "workplace",
    "school",
    "hospital",
    "church",
    "court",
    "transit",
    "airport",
    "detained",
    "find_person",
    "lawyer",
    "lbjf",
    "bond",
    "deport_order",
    "expedited",
    "documents",
    "sign_papers",
    "family_plan",
    "citizen_lpr",
    "filming",
    "observer",
    "report_raid",
    "police",
    "violated",
    "rumor",
    "mental_health",
    "consulate",
    "fraud",
    "daca_tps",
    "aid",
    "agent_id",
    "threats",
]
AT_ONCE = ("door", "car_stop", "workplace", "detained", "school", "court")
"""One word brings the answer, in every language."""
GSM_7 = ("en", "es", "tl")
PHONE = re.compile(r"\b\d{3}-\d{3}-\d{4}\b|\b(?:988|211)\b")


def every_saying(demo: bool) -> list[tuple[str, str, str]]:
    said = []
    for topic in library.topics():
        for language in topic.words:
            said.append((topic.id, language, library.answer(topic.id, language, demo)))
            texts = iter(range(20))
            while (more := library.more(topic.id, language, next(texts), demo)) is not None:
                said.append((topic.id, language, more))
    return said


def test_all_topics_are_there() -> None:
    assert sorted(topic.id for topic in library.topics()) == sorted(TOPICS)


@pytest.mark.parametrize("topic", library.topics(), ids=lambda topic: topic.id)
def test_a_topic_stands_on_facts_and_sources_and_is_due_in_time(topic: library.Topic) -> None:
    assert topic.facts and topic.sources
    assert set(topic.words) >= set(languages.COMPLETE)
    assert topic.review_by <= WRITTEN_ON + timedelta(days=30 if topic.law_moving else 90)
    assert set(languages.COMPLETE if topic.id in AT_ONCE else languages.STAFF) <= set(topic.situation_words)


@pytest.mark.parametrize("demo", [True, False])
def test_every_answer_fits_two_segments_or_three_outside_gsm_7_and_has_its_numbers_filled_in(demo: bool) -> None:
    said = every_saying(demo)
    assert [each for each in said if "%{" in each[2]] == []
    measured = [(*each, measure(for_sms(each[2], each[1]))) for each in said]
    assert [each for each in measured if each[3].segments > (2 if each[1] in GSM_7 else 3)] == []
    assert [each for each in measured if each[1] in GSM_7 and each[3].encoding != "GSM-7"] == []


def test_titles_fit_a_menu() -> None:
    long = [
        (topic.id, code)
        for topic in library.topics()
        for code in topic.words
        if len(library.title(topic.id, code)) > 40
    ]
    assert long == []


def test_an_unverified_phone_is_never_in_an_answer_outside_a_demo() -> None:
    verified = {entry.number for entry in directory.entries() if entry.verified_on}
    sent = [number for _, _, text in every_saying(demo=False) for number in PHONE.findall(text)]
    assert set(sent) <= verified


def test_a_demo_shows_the_numbers() -> None:
    assert PHONE.search(library.answer("lawyer", "es", demo=True))
    assert not PHONE.search(library.answer("lawyer", "es", demo=False))
    assert len(library.answer("lawyer", "es", demo=False)) > 100  # another sentence stands in for them


def test_numbers_stand_in_the_directory_alone() -> None:
    written = [path.name for path in library.FOLDER.glob("*.yml") if re.search(r"\d{3}-\d{3}-\d{4}", path.read_text())]
    assert written == []


def test_more_ends_by_saying_that_this_is_no_legal_advice() -> None:
    topic = library.topic("door")
    count = len(topic.words["es"].more)
    last = library.more("door", "es", count)
    assert last and "no consejo legal" in last
    assert library.more("door", "es", count + 1) is None


def test_a_language_without_words_of_its_own_hears_what_stands_in_for_it() -> None:
    assert library.answer("door", "fr", demo=False) == library.answer("door", "en", demo=False)
    assert library.answer("door", "zap", demo=False) == library.answer("door", "es", demo=False)
    assert library.answer("door", "es-MX", demo=False) == library.answer("door", "es", demo=False)


@pytest.mark.parametrize("language", [code for code in languages.COMPLETE if code not in languages.STAFF])
def test_a_translation_has_every_topic_and_claims_no_review(language: str) -> None:
    assert library.note(language)["reviewed_by"] is None
    for topic in library.topics():
        translated, english = topic.words[language], topic.words["en"]
        assert len(translated.more) == len(english.more), topic.id


def test_an_unknown_topic_is_an_error() -> None:
    with pytest.raises(KeyError):
        library.answer("nothing", "en", demo=False)


def test_nobody_has_reviewed_them_so_all_are_overdue() -> None:
    """When a lawyer signs a topic this test changes with it; until then the console and `doctor` must say so."""
    assert {topic.id for topic in library.overdue(WRITTEN_ON)} == {
        topic.id for topic in library.topics() if topic.reviewed_by is None
    }


def test_a_reviewed_topic_is_due_on_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    signed = replace(library.topic("door"), reviewed_by="a lawyer")
    monkeypatch.setattr(library, "_topics", lambda: {"door": signed})
    assert library.overdue(signed.review_by - timedelta(days=1)) == ()
    assert library.overdue(signed.review_by) == (signed,)
