"""Who are you, what do you know, in which language: every text has its answer, and a repeated webhook gets the same one."""

import pytest
from sqlalchemy import select

from bot.channels.media import Medium
from bot.contacts.models import Channel, Contact
from bot.hotline.inbound import Inbound
from bot.hotline.reception import receive
from bot.store.session import reading
from messages import catalog, languages
from tests.hotline.conftest import Resident, texts_in


def test_who_and_help_name_the_operator_from_the_settings(rosa: Resident) -> None:
    rosa.texts("HOLA")
    assert "Vecinos de Prueba" in rosa.asks("¿quiénes son? ¿son la migra?")
    assert "Vecinos de Prueba" in rosa.asks("AYUDA")


def test_a_question_gets_its_topic_and_more_the_rest(rosa: Resident) -> None:
    assert "abra" in rosa.asks("que hago si tocan a mi puerta")
    first = rosa.asks("MAS")
    assert first and first != rosa.asks("MAS")


def test_the_situation_word_in_an_emergency_goes_straight_to_what_to_do(rosa: Resident) -> None:
    assert "NO abra" in rosa.asks("PUERTA")


def test_more_before_any_question_says_what_to_do(rosa: Resident) -> None:
    rosa.texts("HOLA")
    assert "DERECHOS" in rosa.asks("MAS")


def test_data_says_what_we_hold(rosa: Resident) -> None:
    for text in ("HOLA", "90255", "1"):
        rosa.texts(text)
    assert "Huntington Park" in rosa.asks("MIS DATOS")


def test_the_language_can_be_changed_by_word_or_number(rosa: Resident) -> None:
    rosa.texts("HOLA")
    assert "English" in rosa.asks("LANG english")
    assert "2 Español" in rosa.asks("LANG")
    assert "español" in rosa.asks("2")


def test_an_answer_follows_the_language_of_a_clear_text(rosa: Resident) -> None:
    rosa.texts("HOLA")
    assert "open" in rosa.asks("what do i do if ice knocks on my door").lower()
    assert "Recibido" in rosa.asks("la migra esta en la pacific y florence ahorita son como 8")


@pytest.mark.parametrize(
    ("text", "language", "join"),
    [("xin chào, tôi cần giúp về giấy tờ", "vi", "Đăng ký"), ("你好，我想问一下", "zh", "加入"),
     ("안녕하세요 질문이 있어요", "ko", "가입"), ("magandang umaga po", "tl", "sali"), ("សួស្តី ខ្ញុំមានសំណួរ", "km", "ចូលរួម")],
)  # fmt: skip
def test_who_writes_in_another_language_is_answered_in_it_from_then_on(
    rosa: Resident, text: str, language: str, join: str
) -> None:
    answers = rosa.texts(text)
    known = [catalog.text(f"hotline.{key}", language) for key in ("not_understood", "here", "menu")]
    assert answers[0] in known
    assert rosa.asks(join) == catalog.text("hotline.welcome", language)
    assert rosa.asks("90255") == catalog.text("joining.confirm", language, area="Huntington Park")
    assert rosa.asks("1") == catalog.text("joining.joined", language, area="Huntington Park")


@pytest.mark.parametrize(
    "wish", ["LANG MIXTECO", "IDIOMA zapoteco", "lang k'iche'", "idioma kanjobal", "LANG chinanteco"]
)
def test_a_language_that_is_mostly_spoken_is_noted_as_a_wish_and_answered_in_plain_spanish(
    rosa: Resident, wish: str
) -> None:
    answer = rosa.asks(wish)
    assert "Anotamos que lo quiere" in answer and "español" in answer
    with reading() as session:
        assert session.scalars(select(Contact)).one().wished_language in languages.WISHED


def test_check_with_nothing_known_says_so_with_the_time_and_that_silence_is_not_safety(rosa: Resident) -> None:
    answer = rosa.asks("CHECAR pacific y florence")
    assert "Nada confirmado" in answer and "No quiere decir" in answer


def test_an_unknown_code_is_said_to_be_not_ours(rosa: Resident) -> None:
    assert "K7Q" in rosa.asks("CHECK K7Q")


@pytest.mark.parametrize("text", ["", "👍", "asdf qwer", "?", "." * 1600, "\u0000", "\ud83d", "ﷺ" * 200])
def test_no_text_is_a_dead_end(rosa: Resident, text: str) -> None:
    assert len(rosa.texts(text)) >= 1


def test_an_audio_asks_for_words_and_a_lone_photo_too(rosa: Resident) -> None:
    assert "audio" in rosa.asks("", media=(Medium("audio/ogg"),))
    assert "foto" in rosa.asks("", media=(Medium("image/jpeg", "ME" + "1" * 32),))


@pytest.mark.threat("T09")
def test_a_repeated_webhook_gets_the_same_answer_and_has_no_second_effect(rosa: Resident) -> None:
    message = Inbound("SM" + "f" * 32, rosa.address, Channel.SMS, "HOLA")
    first = receive(message)
    rosa.asks("90255")
    assert receive(message) == first
    assert "Ya recibe" in rosa.asks("1")
    assert texts_in(first)


@pytest.mark.threat("T11")
def test_a_far_away_number_is_kept_but_not_answered(resident: object) -> None:
    premium = Resident("+8821655501012")
    assert premium.texts("HOLA") == []


@pytest.mark.threat("T11")
def test_a_flood_from_one_number_goes_unanswered_except_what_must_be(rosa: Resident) -> None:
    for _ in range(31):
        rosa.texts("bla bla")
    assert rosa.texts("bla bla") == []
    assert rosa.texts("DERECHOS") == []
    assert "911" in rosa.asks("auxilio me estan llevando")
    assert rosa.asks("ya no me manden mensajes")


@pytest.mark.parametrize("text", ["gracias", "ok", "muchas gracias", "thank you"])
def test_thanks_are_no_riddle(rosa: Resident, text: str) -> None:
    assert "911" in rosa.asks(text)
    assert "No entendimos" not in rosa.said[-1]
