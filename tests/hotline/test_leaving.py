"""STOP in any wording, at once, once confirmed; START again; DELETE and FORGET in one step; never a dead end."""

import pytest
from sqlalchemy import func, select

from bot.contacts.models import Contact
from bot.moderation.models import Emergency
from bot.reports.models import Report
from bot.store.session import reading
from bot.subscriptions.models import ConsentAct, ConsentEntry
from tests.hotline.conftest import Resident


def _stopped() -> bool:
    with reading() as session:
        return session.scalars(select(Contact)).one().is_stopped


@pytest.mark.parametrize("word", ["STOP", "Stop.", "stopall", "CANCEL", "quit"])
def test_where_twilio_confirms_we_add_nothing(rosa: Resident, word: str) -> None:
    rosa.asks("HOLA")
    assert rosa.texts(word) == []
    assert _stopped()


@pytest.mark.parametrize(
    "wording",
    [
        "ya no me manden mensajes",
        "ALTO",
        "BAJA",
        "please stop texting me",
        "remove me from this list",
        "no mas mensajes",
    ],
)
def test_any_wording_a_person_would_understand_is_confirmed_once_by_us(rosa: Resident, wording: str) -> None:
    rosa.asks("HOLA")
    assert "START" in rosa.asks(wording)
    assert _stopped()
    assert rosa.texts(wording) == []


@pytest.mark.parametrize("word", ["tama na", "YAMETE", "quiero salir de aqui mañana"])
def test_what_the_carrier_takes_for_a_stop_is_one_whatever_its_word(rosa: Resident, word: str) -> None:
    """Its list (Advanced Opt-Out) may hold words that ours does not, and it blocks everything from then on."""
    rosa.asks("HOLA")
    assert rosa.texts(word, carrier_answered=True, opted_out=True) == [], "it has confirmed it already"
    assert _stopped()
    with reading() as session:
        assert [entry.act for entry in session.scalars(select(ConsentEntry))] == [ConsentAct.STOPPED]


@pytest.mark.parametrize(
    "not_a_stop",
    ["ICE at the firestone blue line stop right now, 3 agents", "stop sign on florence y pacific, migra ahorita"],
)
def test_a_stop_inside_a_report_unsubscribes_nobody(rosa: Resident, not_a_stop: str) -> None:
    rosa.asks("HOLA")
    rosa.texts(not_a_stop)
    assert not _stopped()


def test_a_text_after_stop_gets_its_one_reply_and_a_report_still_counts(rosa: Resident) -> None:
    rosa.asks("ya no me manden mensajes")
    assert "START" in rosa.asks("cuanto cuesta la fianza")
    assert "START" in rosa.asks("hay migra en la pacific y florence ahorita, 6 agentes")
    with reading() as session:
        assert session.scalar(select(func.count(Report.id))) == 1


def test_an_emergency_after_stop_is_answered_and_pages_a_human(rosa: Resident) -> None:
    rosa.asks("ya no me manden mensajes")
    assert "911" in rosa.asks("esta la migra en mi puerta ahorita estan tocando bien fuerte")
    with reading() as session:
        assert session.scalar(select(func.count(Emergency.id))) == 1


def test_start_brings_everything_back(rosa: Resident) -> None:
    for text in ("HOLA", "90255", "1", "ya no me manden mensajes"):
        rosa.texts(text)
    assert "Huntington Park" in rosa.asks("START")
    assert not _stopped()


def test_delete_is_one_step_and_leaves_no_contact(rosa: Resident) -> None:
    for text in ("HOLA", "90255", "1"):
        rosa.texts(text)
    assert "Borrado" in rosa.asks("BORRAR")
    with reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 0
        assert (session.scalar(select(func.count(ConsentEntry.id))) or 0) > 0


def test_forget_takes_the_mark_as_well(rosa: Resident) -> None:
    for text in ("HOLA", "90255", "1", "BORRAR"):
        rosa.texts(text)
    assert "Olvidado" in rosa.asks("OLVIDAR")
    with reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 0
        assert session.scalar(select(func.count(ConsentEntry.id))) == 0
