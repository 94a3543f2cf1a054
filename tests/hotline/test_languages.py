"""In which language, and in which letters, are they answered, and how do they change it?"""

import pytest
from sqlalchemy import select

from bot.contacts.models import Contact
from bot.store.session import reading
from messages import languages
from tests.hotline.conftest import Resident, says

LANG = {
    "es": "IDIOMA", "en": "LANG", "tl": "wika", "vi": "ngôn ngữ", "zh": "语言", "ko": "언어", "km": "ភាសា", "zh-Hant": "語言",
}  # fmt: skip
ITS_NAME = {
    "es": "español", "en": "English", "tl": "Tagalog", "vi": "Tiếng Việt", "zh": "中文", "ko": "한국어", "km": "ភាសាខ្មែរ",
    "zh-Hant": "繁體中文",
}  # fmt: skip
JOIN = {
    "es": "HOLA", "en": "HELLO", "tl": "sumali", "vi": "đăng ký", "zh": "订阅", "ko": "가입", "km": "ចូលរួម", "zh-Hant": "訂閱",
}  # fmt: skip
WHO = {
    "es": ["¿quiénes son?", "son la migra?", "quien me escribe", "eres de ICE", "de quien es este numero"],
    "en": ["who are you?", "are you la migra?", "who is this", "are you ICE", "is this a scam"],
    "tl": ["sino po kayo?", "ICE ba kayo?", "taga immigration ba kayo", "sino ito"],
    "vi": ["bạn là ai?", "bạn có phải ICE không", "quý vị có phải di trú không", "số này của ai"],
    "zh": ["你们是谁？", "你们是移民局吗？", "你是ICE吗", "这是什么号码"],
    "ko": ["누구세요?", "이민국이에요?", "ICE예요?", "이 번호 뭐예요"],
    "km": ["អ្នកជានរណា?", "អ្នកជា ICE មែនទេ?", "នេះជានរណា"],
    "zh-Hant": ["你們是誰？", "你們是移民局嗎？", "請問你係咪移民局"],
}  # fmt: skip
WRITTEN = pytest.mark.parametrize("language", languages.WRITTEN)


def spoken() -> tuple[str | None, str | None]:
    """Their language, and the one they wish for."""
    with reading() as session:
        contact = session.scalars(select(Contact)).one()
        return contact.language, contact.wished_language


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in WHO.items() for text in texts])
def test_who_we_are_is_told_in_the_language_of_the_question(rosa: Resident, language: str, text: str) -> None:
    assert rosa.asks(text) == says("hotline.who", language, operator="Vecinos de Prueba")


@WRITTEN
def test_who_we_are_is_told_to_whoever_said_stop_and_while_a_question_is_open(rosa: Resident, language: str) -> None:
    who = says("hotline.who", language, operator="Vecinos de Prueba")
    rosa.asks(JOIN[language])
    assert rosa.asks(WHO[language][0]) == who
    rosa.texts("STOP")
    assert rosa.asks(WHO[language][0]) == who


@WRITTEN
def test_the_join_word_sets_the_language_and_the_letters(rosa: Resident, language: str) -> None:
    assert rosa.asks(JOIN[language]) == says("hotline.welcome", language)
    assert rosa.asks("90255") == says("joining.confirm", language, area="Huntington Park")
    assert spoken() == (language, None)


@WRITTEN
def test_the_word_of_a_language_is_enough_to_change_to_it(rosa: Resident, language: str) -> None:
    rosa.asks("HOLA" if language != "es" else "HELLO")
    assert rosa.asks(ITS_NAME[language]) == says("hotline.language_set", language)
    assert rosa.asks("90255") == says("joining.confirm", language, area="Huntington Park")


@WRITTEN
def test_lang_lists_every_language_by_number_in_ones_own(rosa: Resident, language: str) -> None:
    rosa.asks(JOIN[language])
    for number, chosen in languages.CHOICES.items():
        rosa.asks(ITS_NAME[language])
        assert rosa.asks(LANG[language]) == says("hotline.language_ask", language)
        assert rosa.asks(number) == says("hotline.language_set", chosen)
        assert spoken() == (chosen, None)


def test_every_language_we_write_has_its_number_and_the_oral_ones_are_named() -> None:
    assert set(languages.CHOICES.values()) == set(languages.WRITTEN)
    for language in languages.WRITTEN:
        asked = says("hotline.language_ask", language)
        for number, code in languages.CHOICES.items():
            assert f"{number} {languages.language(code).own_name.removeprefix('ភាសា')}" in asked or code.startswith(
                "zh"
            )
        for code in languages.WISHED:
            assert languages.language(code).own_name in asked


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mixteco", "mixtec"), ("Mixteco.", "mixtec"), ("zapoteco", "zap"), ("quiche", "quc"), ("K'iche'", "quc"),
        ("kiche", "quc"),        ("kanjobal", "kjb"), ("Q'anjob'al", "kjb"), ("q’anjob’al", "kjb"), ("chinanteco", "chinantec"),
        ("LANG MIXTECO", "mixtec"),        ("idioma zapoteca", "zap"), ("solo hablo mixteco", "mixtec"),
        ("mi mamá habla zapoteco", "zap"),
        ("no hablo español, hablo kanjobal", "kjb"), ("hay alguien que hable chinanteco?", "chinantec"),
        ("i only speak kiche", "quc"), ("do you have a mixteco interpreter", "mixtec"), ("en mixteco por favor", "mixtec"),
    ],
)  # fmt: skip
def test_an_oral_language_is_noted_as_a_wish_and_answered_in_plain_spanish(
    rosa: Resident, text: str, code: str
) -> None:
    own_name = languages.language(code).own_name
    assert rosa.asks(text) == says("hotline.language_not_yet", "es", name=own_name)
    assert spoken() == ("es", code)


def test_an_oral_language_may_answer_our_question(rosa: Resident) -> None:
    rosa.asks("HELLO")
    rosa.asks("LANG")
    assert rosa.asks("mixteco") == says("hotline.language_not_yet", "es", name="Mixteco")


@pytest.mark.parametrize(
    "text", ["mi vecino mixteco fue detenido", "la migra se llevo a un señor zapoteco en la gage y pacific"]
)
def test_whoever_tells_of_somebody_wishes_for_nothing(rosa: Resident, text: str) -> None:
    rosa.asks(text)
    assert spoken()[1] is None


def test_letters_follow_the_text_and_a_choice_of_letters_stays(rosa: Resident) -> None:
    rosa.asks("你好")
    assert spoken() == ("zh", None)
    assert rosa.asks("請問你們是誰") == says("hotline.who", "zh-Hant", operator="Vecinos de Prueba")
    assert rosa.asks("MENU") == says("hotline.menu", "zh"), "they had joined in simplified letters"
    rosa.asks("繁體")
    assert rosa.asks("菜单") == says("hotline.menu", "zh-Hant")
    assert rosa.asks("简体") == says("hotline.language_set", "zh")
    assert rosa.asks("菜单") == says("hotline.menu", "zh")


def test_traditional_letters_are_heard_in_an_emergency_and_a_report(rosa: Resident, ben: Resident) -> None:
    assert rosa.asks("移民局在敲我家的門，請幫幫我") == says("emergencies.first_door", "zh-Hant")
    assert "Pacific和Florence" in ben.asks("現在有三輛白色麵包車和移民局的人在Pacific和Florence")
    assert "還不是警報" in ben.said[-1]
