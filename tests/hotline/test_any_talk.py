"""Whatever people say, in whatever order: is there always an answer, within what an answer may cost, that shows a way on?"""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels.segments import MOST_SEGMENTS, for_sms, measure
from bot.contacts.models import find
from bot.hotline.preview import explained
from bot.inbox.models import Conversation
from bot.places.neighborhoods import all_neighborhoods
from bot.store.session import reading, writing
from bot.subscriptions import joining
from messages import languages
from tests.hotline.conftest import Resident
from tests.hotline.test_conversation import HELLO, ICE_HERE, NEVER_MIND, NO, YES
from tests.hotline.test_crying_out import ADDRESS, AT_MY_DOOR, TAKEN
from tests.hotline.test_languages import ITS_NAME, LANG, WHO
from tests.hotline.test_understanding import labelled

SMALL_TALK = [
    "",
    "?",
    "ok",
    "gracias",
    "hola",
    "🌹",
    "👍",
    "...",
    "jaja",
    "lol",
    "test",
    "\u200b",
    "ㅋㅋ",
    "谢谢",
    "dạ",
    "opo",
]
NUMBERS = ["1", "2", "3", "9", "99", "4471", "#2", "dos", "0"]
PLACES = [
    "90255",
    "90813",
    "long beach",
    "maywood",
    "compton",
    "90210",
    "pacific y florence",
    "la pacific",
    "por mi casa",
    ADDRESS,
]
COMMANDS = [
    "STOP", "START", "AYUDA", "MENU", "DERECHOS", "MAS", "CHECAR", "CHECK K7Q", "APOYO", "APOYO COMIDA", "mis datos", "REPORTAR",
    "mixteco", "LANG 繁體", "salir maywood", "JOIN bell",
]  # fmt: skip
QUESTIONS = [
    "me pueden deportar",
    "que hago si tocan a mi puerta",
    "es cierto que hay redada en maywood?",
    "do i need a lawyer",
]
SIGHTINGS = [
    "la migra esta en la pacific y florence ahorita son como 8",
    "ICE at Long Beach Blvd & Pacific Coast Hwy, 12 agents",
]
SAID = [
    *SMALL_TALK, *NUMBERS, *PLACES, *COMMANDS, *QUESTIONS, *SIGHTINGS,
    *(text for each in (HELLO, YES, NO, NEVER_MIND, ICE_HERE, AT_MY_DOOR, TAKEN, LANG, ITS_NAME) for text in each.values()),
    *(texts[0] for texts in WHO.values()),
]  # fmt: skip
NOT_ANSWERED = ("STOP",)
"""The carrier confirms it."""
_phones = itertools.count(1)


def costs_too_much(answers: list[str]) -> list[str]:
    measured = [(answer, measure(answer)) for answer in answers]
    return [answer for answer, cost in measured if cost.segments > MOST_SEGMENTS[cost.encoding]]


def asked(who: Resident) -> tuple[str | None, int]:
    """The open question, and how often it was asked."""
    with reading() as session:
        contact = find(session, who.address)
        talk = (
            session.scalars(select(Conversation).where(Conversation.contact_id == contact.id)).first()
            if contact
            else None
        )
        return (talk.asked, talk.about.get("tries", 1)) if talk else (None, 0)


@given(said=st.lists(st.sampled_from(SAID), min_size=3, max_size=14))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_talk_is_answered_within_its_budget_and_nothing_is_asked_a_third_time(
    resident: object, said: list[str]
) -> None:
    who = Resident(f"+1{213 + next(_phones) % 600}5550{100 + next(_phones) % 100}")
    for text in said:
        answers = who.texts(text)
        assert answers or text in NOT_ANSWERED, said
        assert costs_too_much(answers) == [], said
        assert asked(who)[1] <= 2, said


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_the_longest_receipt_fits_in_every_language(resident: object, language: str) -> None:
    who = Resident("+13235550191")
    who.texts(ITS_NAME[language])
    for text in ("12 ICE, 3 SUV, Long Beach Blvd & Pacific Coast Hwy, 5 min", "ICE 12, van, PCH & Long Beach Blvd"):
        answers = who.texts(text)
        assert answers and costs_too_much(answers) == []


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_so_many_areas_are_counted_and_not_all_named(resident: object, language: str) -> None:
    who = Resident("+13235550192")
    who.texts(ITS_NAME[language])
    with writing() as session:
        contact = find(session, who.address)
        assert contact is not None
        for area in all_neighborhoods():
            joining.join(session, contact, area.id, who.address)
    for text in ("DATA", "START", "SALIR long beach", "long beach"):
        answers = who.texts(text)
        assert answers and costs_too_much(answers) == []


def test_every_labelled_text_is_answered_within_its_budget(resident: object) -> None:
    answered = [(text, explained(text)) for _, text, _ in labelled()]
    replies = [(text, for_sms(str(line["reply"]), line["language"] or "es")) for text, line in answered]
    assert [(text, reply) for text, reply in replies if costs_too_much([reply])] == []


def test_a_town_of_many_areas_is_asked_for_by_zip(rosa: Resident) -> None:
    rosa.asks("HOLA")
    answer = rosa.asks("long beach")
    assert "ZIP" in answer and "1)" not in answer
    assert "Cambodia Town" in rosa.asks("cambodia town")
