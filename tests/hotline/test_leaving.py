"""STOP in any wording, at once, once confirmed; START again; DELETE and FORGET in one step; never a dead end."""

import pytest
from sqlalchemy import func, select

from bot.contacts.models import Contact
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Claim
from bot.people import shifts
from bot.people.models import Person, Role
from bot.reports.models import Report
from bot.store.session import reading, writing
from bot.subscriptions.models import ConsentAct, ConsentEntry
from tests.hotline.conftest import Resident, says
from tests.moderation.cast import Town


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


@pytest.fixture
def vera(rosa: Resident) -> Resident:
    """A verifier with an open page, who has said STOP."""
    with writing() as session:
        town = Town(session)
        town.person("Vera")
        town.person("Cora", Role.COORDINATOR)
        town.incident()
    rosa.texts("STOP")
    return rosa


@pytest.mark.parametrize("text", ["ON", "OFF", "number", "1", "9999"])
def test_a_volunteers_text_after_stop_does_nothing_and_gets_its_one_reply(vera: Resident, text: str) -> None:
    with reading() as session:
        town = Town(session)
        (page,) = [one for one in town.received(session.scalars(select(Person)).all()[0]) if one.key == "pages.look"]
        going = str((page.values or {})["going"])
    assert "START" in vera.asks(going if text == "number" else text)
    with reading() as session:
        assert [one.name for one in shifts.on_shift(session)] == ["Cora"]
        assert session.scalar(select(func.count(Claim.id))) == 0


@pytest.mark.parametrize("reachable", [True, False])
def test_a_volunteers_sos_after_stop_is_passed_on_and_answered(vera: Resident, reachable: bool) -> None:
    with writing() as session:
        cora = session.scalars(select(Person).where(Person.role == Role.COORDINATOR)).one()
        if not reachable:
            assert cora.contact is not None
            cora.contact.stop()
    assert vera.asks("SOS") == says("pages.sos" if reachable else "pages.sos_nobody", "en")
    with reading() as session:
        cora = session.scalars(select(Person).where(Person.role == Role.COORDINATOR)).one()
        assert ("pages.sos_watch" in Town(session).keys(cora)) is reachable
        assert session.scalar(select(func.count(Emergency.id))) == 0
