"""Who took a cry for help: what do they see and do that nobody else does?"""

import pytest
from sqlalchemy import select

from bot.clock import ago, now
from bot.inbox.models import InboundText
from bot.moderation import by_the_taker
from bot.moderation.emergency_models import Emergency
from bot.outbox.delivery_models import Delivery
from bot.people.models import Person
from bot.reports.models import Report
from bot.settings import settings
from bot.store.session import reading, writing
from tests.console.conftest import Corner
from tests.console.desk import Browser

ADDRESS = "6712 Seville Ave apt 3"


@pytest.fixture
def cry(corner: Corner) -> Corner:
    """They have sent where they are, in a text of its own."""
    with writing() as session:
        contact_id = session.get_one(Report, corner.emergency.report_id).contact_id
        kept = InboundText(sid="SM" + "a" * 32, contact_id=contact_id, media=0, received_at=now())
        kept.keep(f"estamos en {ADDRESS}, placas 8ABC123")
        session.add(kept)
    return corner


def said_to_them(corner: Corner) -> list[str | None]:
    with reading() as session:
        contact_id = session.get_one(Report, corner.emergency.report_id).contact_id
        assert contact_id is not None
        told = select(Delivery.key).where(Delivery.of_contact(contact_id)[0]).order_by(Delivery.id)
        return list(session.scalars(told))


def test_only_the_taker_sees_the_address_and_only_until_it_is_closed(
    vera: Browser, dora: Browser, luz: Browser, cry: Corner
) -> None:
    assert ADDRESS not in dora.reads("/") + luz.reads("/") + vera.reads("/")
    page = dora.does(f"/emergencies/{cry.emergency.id}/take")
    assert ADDRESS in page and "8ABC123" not in page
    assert ADDRESS not in luz.reads("/") + vera.reads("/")
    assert ADDRESS not in luz.reads("/queue/rows")
    assert ADDRESS not in dora.does(f"/emergencies/{cry.emergency.id}/close")


def test_the_taker_answers_in_prepared_words_and_nobody_else_does(dora: Browser, luz: Browser, cry: Corner) -> None:
    say = f"/emergencies/{cry.emergency.id}/say"
    assert "Only who took it" in luz.does(say, what="children")
    dora.does(f"/emergencies/{cry.emergency.id}/take")
    assert "Sent." in dora.does(say, what="children")
    assert "Choose an answer" in dora.does(say, what="we are on our way")
    assert said_to_them(cry)[-1] == "emergencies.say_children"
    page = dora.reads("/")
    assert all(f'value="{what}"' in page for what in by_the_taker.SAYINGS) and "Never promise" in page


def test_leave_is_asked_once_and_its_answer_is_shown(dora: Browser, luz: Browser, cry: Corner) -> None:
    leave = f"/emergencies/{cry.emergency.id}/leave"
    dora.does(f"/emergencies/{cry.emergency.id}/take")
    assert "Only who took it" in luz.does(leave)
    assert "no yes so far" in dora.does(leave)
    assert said_to_them(cry)[-1] == "emergencies.ask_leave"
    assert "They were asked already" in dora.does(leave)
    with writing() as session:
        session.get_one(Emergency, cry.emergency.id).gave_leave_at = now()
    assert "They said yes" in dora.reads("/")


def test_the_taker_hands_it_on_and_another_takes_it(dora: Browser, luz: Browser, cry: Corner) -> None:
    hand_on = f"/emergencies/{cry.emergency.id}/hand-on"
    dora.does(f"/emergencies/{cry.emergency.id}/take")
    assert "Only who took it" in luz.does(hand_on)
    page = dora.does(hand_on)
    assert "Handed on" in page and ADDRESS not in page
    assert ADDRESS in luz.does(f"/emergencies/{cry.emergency.id}/take")


def test_a_silent_taker_is_relieved_and_a_coordinator_may_close(
    dora: Browser, luz: Browser, ana: Browser, cry: Corner
) -> None:
    close = f"/emergencies/{cry.emergency.id}/close"
    dora.does(f"/emergencies/{cry.emergency.id}/take")
    assert "I take it over" not in luz.reads("/") and "before you" in luz.does(f"/emergencies/{cry.emergency.id}/take")
    with writing() as session:
        long_ago = ago(minutes=settings().emergency_silent_minutes + 1)
        session.get_one(Emergency, cry.emergency.id).taken_at = long_ago
        dora_herself = session.scalars(select(Person).where(Person.name == "Dora")).one()
        dora_herself.last_here_at = long_ago
    assert "Dora took it and was not heard of since" in luz.reads("/")
    assert ADDRESS in luz.does(f"/emergencies/{cry.emergency.id}/take")
    assert "Only who took it" in dora.does(close)
    assert "Closed." in ana.does(close)
