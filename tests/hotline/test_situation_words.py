"""One word in need: does it bring its answer at once, in its language, however it is typed?"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

import pytest

from bot.hotline import preview
from bot.hotline.commands import WHOLE
from bot.rights import finder, library
from messages import catalog, languages
from messages.vocabulary import words
from messages.wording import plain

WORDS = {
    "es": {"PUERTA": "door", "CARRO": "car_stop", "TRABAJO": "workplace", "DETENIDO": "detained", "ESCUELA": "school",
           "CORTE": "court"},
    "en": {"DOOR": "door", "CAR": "car_stop", "WORK": "workplace", "DETAINED": "detained", "SCHOOL": "school",
           "COURT": "court"},
    "km": {"ទ្វារ": "door", "ឡាន": "car_stop", "ការងារ": "workplace", "ចាប់ខ្លួន": "detained", "សាលា": "school",
           "តុលាការ": "court"},
    "tl": {"PINTO": "door", "KOTSE": "car_stop", "TRABAHO": "workplace", "NAHULI": "detained", "ESKWELA": "school",
           "KORTE": "court"},
    "vi": {"CỬA": "door", "XE": "car_stop", "VIỆC LÀM": "workplace", "BỊ BẮT": "detained", "TRƯỜNG": "school",
           "TÒA": "court"},
    "zh": {"敲门": "door", "开车": "car_stop", "工作": "workplace", "被抓": "detained", "学校": "school", "法庭": "court"},
    "ko": {"문": "door", "차": "car_stop", "직장": "workplace", "체포": "detained", "학교": "school", "법원": "court"},
}  # fmt: skip
CRIES = {"door": "emergencies.first_door", "detained": "emergencies.first_taken"}
"""Our HELP tells people in danger to text these two: they page a person, and the answer says what to do now as well."""


def typed(word: str) -> Iterator[str]:
    """As phones send it: small, decomposed, with a sign, with a space behind."""
    yield from (
        word,
        word.lower(),
        word.capitalize(),
        unicodedata.normalize("NFD", word),
        f"{word}!",
        f" {word}.",
        f"{word}?",
    )


def everything() -> list[tuple[str, str, str]]:
    return [(code, word, each.id) for each in library.topics() for code, listed in each.situation_words.items()
            for word in listed]  # fmt: skip


def answers(topic: str, language: str) -> set[str]:
    """Its own words; of the two cries also what a cry is answered with."""
    own = library.answer(topic, language, demo=False)
    return {own, catalog.text(CRIES[topic], language)} if topic in CRIES else {own}


@pytest.mark.parametrize(("language", "word", "topic"),
                         [(code, word, topic) for code, listed in WORDS.items() for word, topic in listed.items()])  # fmt: skip
def test_the_six_words_go_straight_to_what_to_do(language: str, word: str, topic: str) -> None:
    for text in typed(word):
        told = preview.explained(text, language)
        assert told["topic"] == topic, text
        assert told["reply"] in answers(topic, language), text


def test_the_six_words_are_those_of_the_library() -> None:
    assert WORDS.keys() == set(languages.COMPLETE)
    listed = set(everything())
    assert [each for code, table in WORDS.items() for each in [(code, *item) for item in table.items()]
            if each not in listed] == []  # fmt: skip


def test_every_topic_has_a_word_of_its_own_in_every_language() -> None:
    absent = [
        (each.id, code)
        for each in library.topics()
        for code in languages.COMPLETE
        if not each.situation_words.get(code)
    ]
    assert absent == []


def test_every_word_of_every_topic_brings_that_topic_to_those_who_speak_it_and_to_strangers() -> None:
    wrong = []
    for code, word, topic in everything():
        for text in typed(word):
            told = preview.explained(text, code)
            if told["topic"] != topic or told["reply"] not in answers(topic, code):
                wrong.append((code, text, told["reply"]))
            if preview.explained(text)["topic"] != topic:
                wrong.append(("stranger", text, topic))
    assert wrong == []


def test_no_word_of_a_topic_is_a_command_or_its_own_opposite() -> None:
    commands = {word for name in WHOLE for word in words("commands", name)}
    assert [(code, word) for code, word, _ in everything() if plain(word) in commands] == []
    owners: dict[str, set[str]] = defaultdict(set)
    for _, word, topic in everything():
        owners[plain(word)].add(topic)
    assert {word: topics for word, topics in owners.items() if len(topics) > 1} == {}


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_every_word_that_the_rights_menu_offers_brings_a_topic(language: str) -> None:
    menu = catalog.text("hotline.rights_menu", language)
    known = {word for _, word, _ in everything()}
    offered = [word for word in known if plain(word) in plain(menu).split() or (not word.isascii() and word in menu)]
    assert len(offered) >= 8
    assert {finder.situation(word, language) for word in offered} >= {"door", "car_stop", "workplace", "detained", "school",
                                                                      "court", "lawyer"}  # fmt: skip


def test_a_word_in_need_never_unsubscribes() -> None:
    """Tagalog "banta" (a threat) is one letter from "basta"."""
    assert [word for code, word, _ in everything() if preview.explained(word, code)["intent"] == "command"] == []
