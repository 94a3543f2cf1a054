"""We asked something: do changed minds, wrong numbers, other matters and silence do no harm, and is there always a way on?"""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from bot.clock import now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.reports.models import Report
from bot.store.session import reading
from bot.subscriptions.models import Subscription
from messages import languages
from tests.hotline.conftest import Resident, says

HELLO = {
    "es": "HOLA", "en": "HELLO", "tl": "kumusta", "vi": "xin chào", "zh": "你好", "ko": "안녕하세요", "km": "សួស្តី",
}  # fmt: skip
NEVER_MIND = {
    "es": "olvídalo", "en": "never mind", "tl": "wag na lang", "vi": "thôi bỏ đi", "zh": "算了", "ko": "실수였어요",
    "km": "មិនអីទេ",
}  # fmt: skip
NO = {"es": "no", "en": "nope", "tl": "hindi", "vi": "không", "zh": "不要", "ko": "아니요", "km": "ទេ"}
YES = {"es": "sí", "en": "yes", "tl": "oo", "vi": "đúng", "zh": "是", "ko": "네", "km": "បាទ"}
ICE_HERE = {
    "es": "hay migra ahorita como 5 agentes con chalecos", "en": "I see 5 ICE agents in vests right now",
    "tl": "nakakita ako ng 5 ahente ng ICE ngayon", "vi": "tôi thấy 5 nhân viên ICE bây giờ", "zh": "我现在看到5个ICE执法人员",
    "ko": "흰색 밴 2대와 ICE 요원 5명을 봤어요", "km": "ឃើញរថយន្ត ICE 2 គ្រឿង និងភ្នាក់ងារ 5 នាក់",
}  # fmt: skip
EVERY = pytest.mark.parametrize("language", languages.COMPLETE)


def count(model: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def reports() -> list[Report]:
    with reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


@EVERY
def test_a_greeting_is_a_welcome_and_never_mind_leaves_it_at_that(rosa: Resident, language: str) -> None:
    assert rosa.asks(HELLO[language]) == says("hotline.welcome", language)
    assert rosa.asks(NEVER_MIND[language]) == says("hotline.never_mind", language)
    assert rosa.asks("90255") == says("joining.confirm", language, area="Huntington Park"), "a ZIP is always understood"
    assert rosa.asks(NO[language]) == says("joining.ask_again", language)
    assert rosa.asks(NO[language]) == says("hotline.never_mind", language)
    assert count(Subscription) == 0 and count(Contact) == 1


@EVERY
def test_never_mind_is_no_wish_to_be_forgotten(rosa: Resident, language: str) -> None:
    for text in (HELLO[language], "90255", "1", NEVER_MIND[language]):
        rosa.texts(text)
    assert rosa.said[-1] == says("hotline.never_mind", language)
    assert (count(Contact), count(Subscription)) == (1, 1)


@pytest.mark.parametrize("text", ["olvidalo", "Olvidelo!", "ya olvidalo por favor", "olvidlo", "olvidarlo", "borraron"])
def test_what_cannot_be_undone_is_not_guessed_from_a_slip(rosa: Resident, text: str) -> None:
    rosa.asks("HOLA")
    rosa.asks(text)
    assert count(Contact) == 1


@EVERY
def test_a_yes_to_which_of_these_gets_the_choices_once_more_and_a_wrong_number_too(
    rosa: Resident, language: str
) -> None:
    rosa.asks(HELLO[language])
    offered = rosa.asks("90813")
    assert "1) " in offered and "3) Cambodia Town" in offered
    assert rosa.asks(YES[language]) == offered
    assert rosa.asks("9") == says("hotline.never_mind", language)
    assert rosa.asks("2") == says("hotline.number_unasked", language)
    assert count(Subscription) == 0


def test_a_choice_after_the_second_asking_still_counts(rosa: Resident) -> None:
    for text in ("HOLA", "90813", "8", "2"):
        rosa.asks(text)
    assert rosa.said[-1] == says("joining.joined", "es", area="Centro de Long Beach")


def test_an_area_is_asked_for_twice_and_then_whenever_they_know_it(rosa: Resident) -> None:
    rosa.asks("HOLA")
    assert rosa.asks("por mi casa") == says("joining.not_found", "es")
    assert rosa.asks("2") == says("joining.later", "es")
    assert rosa.asks("maywood") == says("joining.confirm", "es", area="Maywood")


def test_a_place_to_check_is_asked_for_twice(rosa: Resident) -> None:
    assert rosa.asks("CHECAR") == says("hotline.check_where", "es")
    assert rosa.asks("aqui cerca") == says("hotline.check_where", "es")
    assert rosa.asks("por la casa") == says("hotline.check_later", "es")
    assert rosa.asks("CHECAR") == says("hotline.check_where", "es")
    assert rosa.asks("no") == says("hotline.never_mind", "es")


def test_half_a_corner_to_check_is_completed_by_the_answer(rosa: Resident) -> None:
    assert rosa.asks("CHECAR la pacific") == says("hotline.check_other_street", "es", place="Pacific")
    assert "Pacific y Florence" in rosa.asks("florence")


def test_half_a_corner_of_a_report_is_completed_by_the_next_answer_and_no_third_question_is_asked(
    rosa: Resident,
) -> None:
    questions = [rosa.asks(text) for text in ("hay 5 agentes de migracion ahorita", "en la pacific", "la florence")]
    assert [("?" in said or "¿" in said) for said in questions] == [True, True, False]
    assert "Pacific y Florence" in questions[-1]
    assert count(Incident) == 1 and len(reports()) == 1


@EVERY
def test_a_report_asks_two_questions_at_most_and_is_let_go_when_they_wish(rosa: Resident, language: str) -> None:
    assert rosa.asks(ICE_HERE[language]) == says("hotline.report_no_place", language)
    assert rosa.asks(NO[language]) == says("hotline.report_still_no_place", language)
    assert rosa.asks(NO[language]) == says("hotline.report_no_place_later", language)
    rosa.asks(ICE_HERE[language])
    assert rosa.asks(NEVER_MIND[language]) == says("hotline.never_mind", language)
    assert len(reports()) == 2 and count(Incident) == 0
    assert NEVER_MIND[language] in reports()[-1].text, "whoever reads it sees that they thought better of it"


def test_a_number_that_was_not_offered_asks_once_more_where(rosa: Resident) -> None:
    offered = rosa.asks("hay migra en el home depot ahorita, 3 agentes")
    assert "1)" in offered
    assert rosa.asks("9") == offered
    assert rosa.asks("9") == says("hotline.report_no_place_later", "es")


def test_a_new_report_while_a_question_is_open_is_a_new_report(rosa: Resident) -> None:
    assert rosa.asks("la migra esta parada en la pacific y florence").endswith("?")
    rosa.asks("hay otra en gage y state ahorita con 2 agentes de migracion")
    assert [report.kind.value for report in reports()] == ["report"] * 2
    assert count(Incident) == 2


def test_an_answer_that_comes_when_nothing_is_open_changes_nothing(rosa: Resident) -> None:
    rosa.asks("la migra esta en la pacific y florence ahorita son como 8")
    assert rosa.asks("2") == says("hotline.number_unasked", "es")
    (report,) = reports()
    assert report.size == 8
    for text in ("HOLA", "90255", "1"):
        rosa.asks(text)
    assert rosa.asks("1") == says("hotline.number_unasked", "es")
    assert count(Subscription) == 1


def test_a_question_that_was_never_answered_lapses(rosa: Resident) -> None:
    rosa.asks("HOLA")
    rosa.asks("90255")
    with time_machine.travel(now() + dt.timedelta(minutes=31)):
        assert rosa.asks("1") == says("hotline.number_unasked", "es")
    assert count(Subscription) == 0


@pytest.mark.parametrize("aside", ["AYUDA", "quien eres?", "MENU", "DERECHOS", "mis datos"])
def test_something_asked_in_between_leaves_the_question_open(rosa: Resident, aside: str) -> None:
    for text in ("HOLA", "90255", aside, "1"):
        rosa.asks(text)
    assert rosa.said[-1] == says("joining.joined", "es", area="Huntington Park")


def test_topics_offered_may_be_refused_and_a_single_one_taken_by_yes(rosa: Resident) -> None:
    offered = rosa.asks("me pueden deportar")
    assert "2)" in offered
    assert rosa.asks("9") == offered
    assert rosa.asks("ninguna") == says("hotline.rights_menu", "es")


@EVERY
def test_which_language_may_be_left_open_too(rosa: Resident, language: str) -> None:
    rosa.asks(HELLO[language])
    asked = rosa.asks("LANG")
    assert asked == says("hotline.language_ask", language)
    assert rosa.asks("99") == asked
    assert rosa.asks(NO[language]) == says("hotline.never_mind", language)


def test_after_stop_the_way_back_is_no_wall(rosa: Resident) -> None:
    for text in ("HOLA", "ya no me manden mensajes"):
        rosa.texts(text)
    assert "START" in rosa.asks("90255")
    assert rosa.asks("HOLA") == says("hotline.welcome", "es")
    assert rosa.asks("90255") == says("joining.confirm", "es", area="Huntington Park")
    assert rosa.asks("1") == says("joining.joined", "es", area="Huntington Park")
    with reading() as session:
        assert not session.scalars(select(Contact)).one().is_stopped


@pytest.mark.threat("T11")
def test_too_many_texts_are_said_to_be_too_many_once_and_what_cannot_wait_passes(rosa: Resident) -> None:
    rosa.asks("HOLA")
    for _ in range(28):
        rosa.texts("bla bla")
    rosa.asks("maywood")
    assert rosa.asks("DERECHOS") == says("hotline.too_many", "es")
    assert rosa.texts("DERECHOS") == []
    assert rosa.asks("1") == says("joining.joined", "es", area="Maywood"), "the answer to our own question"
    assert rosa.asks("auxilio esta la migra en mi puerta") == says("emergencies.first_door", "es")
    assert rosa.asks("6712 seville apt 3") == says("hotline.emergency_unread", "es")
    assert rosa.asks("ya no me manden mensajes") == says("hotline.stopped", "es")
