"""Is every know-your-rights answer there, sourced, dated and short?"""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.channels.segments import for_sms, measure
from bot.hotline import commands
from bot.rights import library
from bot.rights import topic as topic_file
from messages import catalog, directory, languages

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
OTHER_MARK = "v0000000"
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
    assert topic.review_by <= (topic.reviewed_on or WRITTEN_ON) + timedelta(days=31 if topic.law_moving else 92)
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


@pytest.mark.usefixtures("nobody_called")
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


@pytest.mark.parametrize("topic", library.topics(), ids=lambda topic: topic.id)
def test_what_people_ask_next_are_two_or_three_other_topics(topic: library.Topic) -> None:
    assert 2 <= len(topic.follow_ups) <= 3
    assert len(set(topic.follow_ups)) == len(topic.follow_ups)
    assert set(topic.follow_ups) <= set(TOPICS) - {topic.id}


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_the_last_more_offers_at_least_two_of_them_by_number(language: str) -> None:
    for topic in library.topics():
        last = len(topic.words[language].more)
        offered = library.offered(topic.id, language, last)
        assert len(offered) >= 2, topic.id
        said = library.more(topic.id, language, last) or ""
        assert all(f"{at}) {library.title(each, language)}" in said for at, each in enumerate(offered, start=1)), (
            topic.id
        )
        assert [library.offered(topic.id, language, n) for n in (*range(last), last + 1)] == [()] * (last + 1)


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_an_answer_says_how_to_hear_more_wherever_that_costs_no_segment(language: str) -> None:
    hint = catalog.text("rights.more", language)
    for topic in library.topics():
        said, bare = library.answer(topic.id, language, demo=False), topic.words[language].short.said(demo=False)
        cost = [measure(for_sms(text, language)).segments for text in (bare, f"{bare} {hint}")]
        assert said == (f"{bare} {hint}" if cost[0] == cost[1] else bare)
    command = commands.read(hint.rstrip(".。'").rpartition(" ")[2].strip("'：:").rpartition("：")[2], language)
    assert command is not None and command.name == "MORE"


def test_a_language_without_words_of_its_own_hears_what_stands_in_for_it() -> None:
    assert library.answer("door", "fr", demo=False) == library.answer("door", "en", demo=False)
    assert library.answer("door", "zap", demo=False) == library.answer("door", "es", demo=False)
    assert library.answer("door", "es-MX", demo=False) == library.answer("door", "es", demo=False)


@pytest.mark.parametrize("language", [code for code in languages.COMPLETE if code not in languages.STAFF])
def test_a_translation_has_every_topic_and_says_who_reviewed_it(language: str) -> None:
    assert {"reviewed_by", "reviewed_on"} <= library.note(language).keys()
    for topic in library.topics():
        translated, english = topic.words[language], topic.words["en"]
        assert len(translated.more) == len(english.more), topic.id


def test_an_unknown_topic_is_an_error() -> None:
    with pytest.raises(KeyError):
        library.answer("nothing", "en", demo=False)


@pytest.mark.usefixtures("nobody_signed")
def test_what_nobody_has_reviewed_is_overdue() -> None:
    assert library.overdue(WRITTEN_ON) == library.topics()


def signed(topic: library.Topic) -> library.Topic:
    return replace(topic, reviewed_by="a lawyer", reviewed_on=WRITTEN_ON, reviewed_mark=topic.mark)


def test_a_reviewed_topic_is_due_on_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    door = signed(library.topic("door"))
    monkeypatch.setattr(library, "_topics", lambda: {"door": door})
    assert library.overdue(door.review_by - timedelta(days=1)) == ()
    assert library.overdue(door.review_by) == (door,)


@pytest.mark.usefixtures("nobody_signed")
def test_a_signature_is_for_exact_words() -> None:
    """Whoever changes a word, or a fact under it, takes the lawyer's name off it."""
    door = library.topic("door")
    assert signed(door).review(WRITTEN_ON) is library.Review.GOOD
    assert replace(signed(door), mark=OTHER_MARK).review(WRITTEN_ON) is library.Review.CHANGED
    assert door.review(WRITTEN_ON) is library.Review.MISSING


def rewritten(tmp_path: Path, old: str, new: str) -> library.Topic:
    """The topic of the door as its file would read with other words in it."""
    written = re.sub(r"reviewed_(by|on|mark): .*\n", "", (library.FOLDER / "door.yml").read_text())
    written = written.replace("id: door\n", "id: door\nreviewed_by: null\n", 1)
    assert old in written
    (tmp_path / "door.yml").write_text(written.replace(old, new, 1))
    translated = {code: content.words["door"] for code, content in library._translations().items()}
    return topic_file.read(tmp_path / "door.yml", translated)


@pytest.mark.parametrize(
    "old", ["Do NOT open.", "NO abra.", "Teach children and roommates", "Opening, or stepping aside"]
)
def test_any_word_of_a_text_or_a_fact_changes_its_mark(tmp_path: Path, old: str) -> None:
    assert rewritten(tmp_path, old, f"{old} Perhaps.").mark != library.topic("door").mark


def test_a_date_a_source_and_a_signature_leave_the_mark_alone(tmp_path: Path) -> None:
    again = rewritten(
        tmp_path, "reviewed_by: null", f"reviewed_by: A. Lawyer\nreviewed_on: 2026-12-01\nreviewed_mark: {OTHER_MARK}"
    )
    assert again.mark == library.topic("door").mark
    assert rewritten(tmp_path, "  - factually.co\n", "").mark == again.mark
    assert again.review(WRITTEN_ON) is library.Review.CHANGED  # signed for other words than these


def test_half_a_signature_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"door\.yml: a signature"):
        rewritten(tmp_path, "reviewed_by: null", "reviewed_by: A. Lawyer")


@pytest.mark.usefixtures("nobody_signed")
@pytest.mark.parametrize("language", sorted(library._translations()))
def test_a_translation_is_signed_word_for_word_too(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = library._translations()[language]
    assert not library.is_signed(language)
    by = {"reviewed_by": "a speaker", "reviewed_on": WRITTEN_ON, "reviewed_mark": library.translation_mark(language)}
    monkeypatch.setattr(library, "_translations", lambda: {language: replace(known, note=by)})
    assert library.is_signed(language)
    changed = {**known.words, "door": {**known.words["door"], "title": "?"}}
    monkeypatch.setattr(library, "_translations", lambda: {language: replace(known, note=by, words=changed)})
    assert not library.is_signed(language)
