"""Two phones of one home say so by text; what they see counts once, and nothing else is kept of it."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from sqlalchemy import func, select

from bot.contacts.models import find
from bot.hotline import commands
from bot.incidents.models import Incident
from bot.moderation import queue
from bot.reports import witnesses
from bot.reports.models import HomeCode, HomeMember, Report
from bot.store.session import reading
from messages.vocabulary import entries
from tests.hotline.conftest import Resident
from tests.moderation.cast import LUIS, ROSA, later


def code_of(resident: Resident) -> str:
    return str(re.findall(r"\b\d{4}\b", resident.asks("HOGAR"))[0])


def seen() -> int:
    with reading() as session:
        return len(witnesses.independent(witnesses.reports_of(session, session.scalars(select(Incident)).one())))


def test_two_phones_of_one_home_are_one_witness(resident: Callable[..., Resident]) -> None:
    luis, ana, other = resident(1), resident(2), resident(3)
    ana.asks(f"HOGAR {code_of(luis)}")
    luis.texts(LUIS)
    ana.texts(ROSA)
    assert seen() == 1
    other.texts("yo tambien los veo en pacific y florence con rifles")
    assert seen() == 2
    with reading() as session:
        assert "pages.why_same_home" in queue.waiting(session)[0].reasons


def test_told_afterwards_it_is_counted_again(resident: Callable[..., Resident]) -> None:
    luis, ana = resident(1), resident(2)
    luis.texts(LUIS)
    ana.texts(ROSA)
    assert seen() == 2
    ana.asks(f"hogar {code_of(luis)}")
    assert seen() == 1


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-22T13:08:00Z", tick=False) as traveller:
        yield traveller


def test_a_code_is_over_after_its_time_and_a_wrong_one_joins_nobody(
    clock: time_machine.Traveller, resident: Callable[..., Resident]
) -> None:
    luis, ana = resident(1), resident(2)
    code = code_of(luis)
    later(clock, minutes=61)
    ana.asks(f"HOGAR {code}")
    ana.asks("HOGAR 0000")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(HomeMember)) == 1, "only who asked for a code"


def test_no_number_no_contact_and_no_code_stands_in_the_tables_and_delete_empties_them(
    resident: Callable[..., Resident],
) -> None:
    luis = resident(1)
    code = code_of(luis)
    with reading() as session:
        contact = find(session, luis.address)
        member, kept = session.scalars(select(HomeMember)).one(), session.scalars(select(HomeCode)).one()
        assert contact is not None and member.mark != contact.tag
        values = [getattr(row, column.key) for row in (kept, member) for column in row.__table__.columns]
        assert not any(code in str(value) for value in values if isinstance(value, str | bytes))
    luis.texts("BORRAR")
    with reading() as session:
        assert session.scalars(select(HomeMember)).all() == []


@pytest.mark.parametrize("language", ["en", "es", "vi", "zh", "km", "ko", "tl"])
def test_the_word_is_known_in_every_language(language: str) -> None:
    for word in entries("commands")[language]["home"]:
        command = commands.read(f"{word} 4821", language)
        assert command is not None and (command.name, command.argument) == ("HOME", "4821"), word


def test_home_alone_is_still_the_menu_and_a_sentence_is_no_command() -> None:
    assert (commands.read("home") or commands.Command("")).name == "MENU"
    assert (commands.read("hogar") or commands.Command("")).name == "HOME"
    said = commands.read("hogar de mi abuela en la gage")
    assert said is None or said.name != "HOME"


def test_every_report_is_answered_set_aside_or_not(resident: Callable[..., Resident]) -> None:
    loud = resident(1)
    corners = ("Pacific y Florence", "Gage y State", "Slauson y Boyle", "Gage y Miles", "Florence y Salt Lake")
    for corner in corners:
        assert loud.texts(f"veo agentes de ICE en {corner} en Huntington Park ahorita")
    with reading() as session:
        assert all(session.scalars(select(Report.set_aside)))
