"""Residents talk with the running hotline, in every language: a restart in the middle, a cry for help, changed minds."""

import re

import pytest

from bot.channels.segments import for_sms, measure
from bot.moderation import emergencies
from messages import catalog, directory, languages
from tests.hotline.test_conversation import HELLO, NEVER_MIND
from tests.hotline.test_crying_out import AT_MY_DOOR
from tests.hotline.test_languages import WHO
from tests.services.settings import OPERATOR
from tests.services.system import Hotline, HotlineStarter

DORA = "+13235550109"
"""The dispatcher of the demo's people: she has a phone and is on shift."""
PEOPLE = {code: f"+13235550{120 + n}" for n, code in enumerate(languages.COMPLETE)}
ADDRESS = "6712 Seville Ave apt 3"


def says(key: str, language: str, **values: object) -> str:
    return for_sms(catalog.text(key, language, **values), language)


def restart(hotline: Hotline, *names: str) -> None:
    """As a power cut would: nothing is said goodbye to."""
    for name in names:
        hotline.kill(name)
    for name in names:
        hotline.start(name)
    hotline.wait_until_ready()


@pytest.mark.slow
def test_what_we_asked_survives_a_power_cut(start_hotline: HotlineStarter, database_kind: str) -> None:
    hotline = start_hotline(database_kind)
    phones = {code: hotline.phone(number) for code, number in PEOPLE.items()}
    for code, phone in phones.items():
        phone.answers_with(HELLO[code], says("hotline.welcome", code))
        phone.answers_with("90255", says("joining.confirm", code, area="Huntington Park"))
    restart(hotline, "web", "urgent")
    for code, phone in phones.items():
        phone.answers_with(WHO[code][0], says("hotline.who", code, operator=OPERATOR))
        phone.answers_with("1", says("joining.joined", code, area="Huntington Park"))
        phone.answers_with("1", says("hotline.number_unasked", code))
        phone.answers_with(NEVER_MIND[code], says("hotline.never_mind", code))
    for code, phone in phones.items():
        most = 2 if code in ("en", "es", "tl") else 3
        assert [text for text in phone.received() if measure(text).segments > most] == []


@pytest.mark.slow
def test_a_cry_is_answered_paged_taken_and_its_address_read_by_one(
    start_hotline: HotlineStarter, database_kind: str
) -> None:
    hotline = start_hotline(database_kind)
    hotline.bot("demo", "people")
    dora = hotline.phone(DORA)
    for code, number in PEOPLE.items():
        phone, before = hotline.phone(number), len(dora.received())
        phone.answers_with(HELLO[code], says("hotline.welcome", code))
        phone.answers_with(AT_MY_DOOR[code], says("emergencies.first_door", code))
        page = dora.receives("para tomarla", after=before)
        assert "Seville" not in page
        phone.answers_with(ADDRESS, says("hotline.emergency_noted", code))
        (number_to_take,) = re.findall(r"(?<!\d)\d{4}(?!\d)", page)
        dora.texts(number_to_take)
        phone.receives(says("emergencies.taken", code))
    assert not [text for text in dora.received() if "6712" in text or "Seville" in text]


@pytest.mark.slow
def test_nobody_free_is_said_when_nobody_takes_it(start_hotline: HotlineStarter, database_kind: str) -> None:
    hotline = start_hotline(database_kind, emergency_nobody_minutes=0.03, sweep_seconds=0.5)
    hotline.bot("demo", "people")
    for code, number in PEOPLE.items():
        hotline.phone(number).answers_with(AT_MY_DOOR[code], says("emergencies.first_door", code))
    restart(hotline, "clock", "urgent")
    phone_number = str(directory.entry(emergencies.LEGAL_HELP).number)
    for code, number in PEOPLE.items():
        hotline.phone(number).receives(says("emergencies.nobody_legal", code, phone=phone_number), within=30)
        heard = [text for text in hotline.phone(number).received() if phone_number in text]
        assert len(heard) == 1
