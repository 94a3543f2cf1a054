"""After an answer: MORE gives the rest, the last of it offers what people ask next by number, and nothing is a trap."""

import pytest

from bot.channels.segments import for_sms
from bot.rights import library
from messages import catalog, languages
from tests.hotline.conftest import Resident


def answer(topic: str, language: str = "es") -> str:
    """What to do now, as it leaves by SMS."""
    return for_sms(library.answer(topic, language, demo=True), language)


def to_the_last(someone: Resident, topic: str, more: str = "MAS", language: str = "es") -> str:
    """Every MORE of a topic; the last text."""
    told = [someone.asks(more) for _ in range(len(library.topic(topic).in_language(language).more) + 1)]
    assert len(set(told)) == len(told)
    return told[-1]


def test_the_last_more_offers_what_people_ask_next_and_its_number_brings_that_answer(rosa: Resident) -> None:
    rosa.texts("HOLA")
    assert rosa.asks("CARRO") == answer("car_stop")
    last = to_the_last(rosa, "car_stop")
    first, second, *_ = library.topic("car_stop").follow_ups
    assert f"1) {for_sms(library.title(first, 'es'), 'es')}" in last and "no consejo legal" in last
    assert rosa.asks("2") == answer(second)
    assert rosa.asks("MAS") == for_sms(library.more(second, "es", 0, demo=True) or "", "es")


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_in_every_language_the_number_brings_what_was_offered(rosa: Resident, language: str) -> None:
    rosa.texts(f"LANG {languages.language(language).english_name}")
    rosa.asks(library.topic("bond").situation_words[language][0])
    last = to_the_last(rosa, "bond", "+", language)
    assert (
        "3) " not in last
        or len(library.offered("bond", language, len(library.topic("bond").words[language].more))) == 3
    )
    assert library.title("find_person", language) in last
    assert rosa.asks("1") == answer("find_person", language)


def test_after_the_last_there_is_a_way_on(rosa: Resident) -> None:
    rosa.texts("HOLA")
    rosa.texts("CARRO")
    to_the_last(rosa, "car_stop")
    assert rosa.asks("MAS") == for_sms(catalog.text("hotline.more_end", "es"), "es")
    assert rosa.asks("1") == answer(library.topic("car_stop").follow_ups[0])


def test_who_asks_something_else_is_answered_and_who_does_not_want_it_is_let_go(rosa: Resident) -> None:
    rosa.texts("HOLA")
    rosa.texts("CARRO")
    to_the_last(rosa, "car_stop")
    assert rosa.asks("cuanto cuesta la fianza de migracion") == answer("bond")
    to_the_last(rosa, "bond")
    assert "DERECHOS" in rosa.asks("no") or "PUERTA" in rosa.said[-1]


@pytest.mark.parametrize("cry", ["they took mom", "the door is about to come off", "what do i do theyre inside"])
def test_a_menu_never_hushes_a_cry_that_only_resembles_one(rosa: Resident, cry: str) -> None:
    rosa.texts("HELLO")
    rosa.texts("CAR")
    to_the_last(rosa, "car_stop", "MORE", "en")
    firsts = {catalog.text(f"emergencies.first_{kind}", "en") for kind in ("door", "taken", "other")}
    assert rosa.asks(cry) in firsts


def test_a_report_on_the_way_through_a_menu_is_a_report(rosa: Resident) -> None:
    rosa.texts("HOLA")
    rosa.texts("CARRO")
    to_the_last(rosa, "car_stop")
    assert "Recibido" in rosa.asks("la migra esta en la pacific y florence ahorita son como 8")
