"""Somebody in danger: answered at once, paged once, heard piece by piece, whatever we had asked before."""

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.moderation import by_the_taker, emergencies
from bot.moderation.emergency_models import Emergency
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery
from bot.people.models import Person, Role
from bot.reports.models import Report
from bot.store.session import reading, writing
from bot.subscriptions.models import Subscription
from messages import languages
from tests.hotline.conftest import Resident, says
from tests.hotline.test_conversation import HELLO, count
from tests.moderation.cast import Town

AT_MY_DOOR = {
    "es": "la migra esta tocando mi puerta", "en": "ICE is knocking at my door", "tl": "may kumakatok na ICE sa bahay namin",
    "vi": "ICE đang gõ cửa nhà tôi", "zh": "ICE在敲我家门", "ko": "ICE가 문을 두드리고 있어요", "km": "ICE កំពុងគោះទ្វារផ្ទះខ្ញុំ",
}  # fmt: skip
THEY_LEFT = {
    "es": "ya se fueron", "en": "they left", "tl": "umalis na sila", "vi": "họ đi rồi", "zh": "他们走了", "ko": "갔어요",
    "km": "គេទៅហើយ",
}  # fmt: skip
TAKEN = {
    "es": "se estan llevando a mi esposo ahorita", "en": "they are taking my husband right now",
    "tl": "kinukuha nila ang asawa ko ngayon", "vi": "họ đang bắt chồng tôi", "zh": "他们正在抓走我丈夫",
    "ko": "남편을 지금 잡아가고 있어요", "km": "គេកំពុងចាប់ប្តីខ្ញុំ",
}  # fmt: skip
HURT = {
    "es": "mi papa no puede respirar", "en": "my dad cant breathe", "tl": "hindi makahinga ang tatay ko",
    "vi": "ba tôi không thở được", "zh": "我爸爸不能呼吸了", "ko": "아버지가 숨을 못 쉬어요", "km": "ប៉ាខ្ញុំដកដង្ហើមមិនរួច",
}  # fmt: skip
UNREAD = "hotline.emergency_unread"
"""Nobody works for the hotline in most of these tests."""
EVERY = pytest.mark.parametrize("language", languages.COMPLETE)
ADDRESS = "6712 Seville Ave apt 3"


def cried() -> str:
    """What the one emergency holds."""
    with reading() as session:
        return session.scalars(select(Report).join(Emergency, Emergency.report_id == Report.id)).one().text


@EVERY
def test_agents_at_the_door_are_answered_at_once_in_the_language_of_the_text(rosa: Resident, language: str) -> None:
    assert rosa.asks(AT_MY_DOOR[language]) == says("emergencies.first_door", language)
    assert count(Emergency) == 1


@EVERY
def test_somebody_being_taken_is(rosa: Resident, language: str) -> None:
    assert rosa.asks(TAKEN[language]) == says("emergencies.first_taken", language)


@EVERY
def test_somebody_hurt_is_told_911_first(rosa: Resident, language: str) -> None:
    answer = rosa.asks(HURT[language])
    assert answer == says("emergencies.first_other", language) and "911" in answer


@EVERY
def test_a_cry_ends_our_question_and_the_address_that_follows_is_kept_with_it(rosa: Resident, language: str) -> None:
    rosa.asks(HELLO[language])
    rosa.asks("90255")
    rosa.asks(AT_MY_DOOR[language])
    for said in (ADDRESS, THEY_LEFT[language], "1", "no"):
        assert rosa.asks(said) == says(UNREAD, language), said
    assert "6700 block" in cried() and THEY_LEFT[language] in cried()
    assert (count(Emergency), count(Incident), count(Subscription)) == (1, 0, 0)


def test_a_cry_in_pieces_is_one_and_what_to_do_is_said_once(rosa: Resident) -> None:
    rosa.texts("oigan")
    rosa.texts("la migra")
    assert rosa.asks("estan en mi puerta") == says("emergencies.first_door", "es")
    assert rosa.asks("estan tocando la puerta") == says(UNREAD, "es")
    assert rosa.asks("en la 6712 de seville") == says(UNREAD, "es")
    assert rosa.asks("ya se llevan a mi esposo") == says("emergencies.first_taken", "es")
    assert count(Emergency) == 1


def test_a_cry_that_says_what_it_is_about_is_answered_so(rosa: Resident) -> None:
    assert rosa.asks("auxilio esta la migra en mi puerta") == says("emergencies.first_door", "es")
    assert "puerta cerrada" in rosa.asks("MAS"), "more of the same matter"


def test_a_question_in_the_middle_is_answered_and_read_by_the_human_too(rosa: Resident) -> None:
    rosa.asks("auxilio")
    answer = rosa.asks("que hago si entran a la fuerza?")
    assert answer != says(UNREAD, "es")
    assert "que hago si entran" in cried()


def test_after_stop_the_rest_of_a_cry_is_heard_too(rosa: Resident) -> None:
    rosa.texts("ya no me manden mensajes")
    rosa.asks("la migra esta tocando mi puerta")
    assert rosa.asks(ADDRESS) == says(UNREAD, "es")
    assert "6700 block" in cried()


def test_a_sighting_that_no_human_was_free_to_read_is_a_report_as_well(rosa: Resident) -> None:
    with writing() as session:
        Town(session, given=40).person("Cora", Role.COORDINATOR)
    rosa.asks("auxilio")
    saw = "hay 6 agentes de migracion en pacific y florence ahorita"
    assert rosa.asks(saw) == says("hotline.emergency_noted", "es"), "a human may be about to read it"
    with writing() as session:
        session.scalars(select(Emergency)).one().nobody_said_at = now()
    assert "Pacific y Florence" in rosa.asks(saw)
    assert count(Incident) == 1


def asked_for_leave() -> None:
    """Cora took it, and asks whether volunteers may know the block."""
    with writing() as session:
        cora, emergency = (
            session.scalars(select(Person).where(Person.name == "Cora")).one(),
            session.scalars(select(Emergency)).one(),
        )
        assert emergencies.take(session, emergency, cora)
        by_the_taker.ask_leave(session, emergency, cora)


def paged() -> list[str]:
    """What verifiers were told of places."""
    with reading() as session:
        looks = session.scalars(select(Delivery).where(Delivery.key == "pages.look"))
        return [answers.rendered(delivery) for delivery in looks]


@EVERY
def test_verifiers_hear_of_the_block_only_after_a_yes(rosa: Resident, language: str) -> None:
    with writing() as session:
        town = Town(session, given=40)
        town.person("Cora", Role.COORDINATOR)
        town.person("Vera", Role.VERIFIER)
    rosa.asks(AT_MY_DOOR[language])
    rosa.asks(ADDRESS)
    assert paged() == [] and count(Incident) == 0
    asked_for_leave()
    noted = says("hotline.emergency_noted", language)
    assert rosa.asks(THEY_LEFT[language]) == noted, "no answer to that; it stays open"
    assert paged() == []
    answer = rosa.asks("1")
    assert "Seville" in answer and "6712" not in answer
    (page,) = paged()
    assert "6700 block of Seville" in page and "6712" not in page and "apt" not in page
    with reading() as session:
        (told,) = session.scalars(select(Report).where(Report.incident_id.is_not(None)))
    assert AT_MY_DOOR[language] not in told.text and "6712" not in told.text


@pytest.mark.parametrize("no", ["2", "no", "olvidalo"])
def test_a_no_leaves_it_with_the_one_who_took_it(rosa: Resident, no: str) -> None:
    with writing() as session:
        town = Town(session, given=40)
        town.person("Cora", Role.COORDINATOR)
        town.person("Vera", Role.VERIFIER)
    rosa.asks("la migra esta tocando mi puerta en la 6712 seville")
    asked_for_leave()
    assert rosa.asks(no) == says("emergencies.no_leave" if no != "olvidalo" else "hotline.never_mind", "es")
    assert paged() == [] and count(Incident) == 0


def test_leave_without_a_place_asks_where(rosa: Resident) -> None:
    with writing() as session:
        Town(session, given=40).person("Cora", Role.COORDINATOR)
    rosa.asks("auxilio la migra esta en mi puerta")
    asked_for_leave()
    assert rosa.asks("sí") == says("hotline.report_no_place", "es")
    assert "Pacific y Florence" in rosa.asks("pacific y florence")


def test_a_command_is_obeyed_in_the_middle_of_a_cry(rosa: Resident) -> None:
    rosa.asks("auxilio")
    assert rosa.asks("LANG english") == says("hotline.language_set", "en")
    rosa.texts("STOP")
    with reading() as session:
        assert session.scalars(select(Contact)).one().is_stopped
