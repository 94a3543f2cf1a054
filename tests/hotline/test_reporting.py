"""A report gets a receipt with what was understood, at most two questions back, and is asked where when it says not."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.clock import now
from bot.contacts.models import Channel, find_or_add
from bot.incidents.models import Incident
from bot.outbox.delivery_models import Delivery
from bot.people import shifts
from bot.people.models import InvitationLine, Person, PersonArea, Role
from bot.reports.models import BRIGADE, Report, ReportKind
from bot.store.session import reading, writing
from tests.hotline.conftest import Resident, says
from tests.moderation.cast import Town

LUIS_SAW = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"


def _reports() -> list[Report]:
    with reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def _incidents() -> int:
    with reading() as session:
        return session.scalar(select(func.count(Incident.id))) or 0


def test_a_full_report_is_received_with_what_was_understood(rosa: Resident) -> None:
    answer = rosa.asks(LUIS_SAW)
    assert "Recibido" in answer and "Pacific" in answer and "8" in answer
    assert answer.count("?") <= 2
    (report,) = _reports()
    assert (report.size, report.vehicles, report.time, report.first_hand) == (8, 2, "now", True)


def test_two_people_at_one_corner_are_one_incident(rosa: Resident, ben: Resident) -> None:
    rosa.asks(LUIS_SAW)
    ben.asks("ICE at florence and pacific right now, 2 white vans")
    assert _incidents() == 1


def test_without_a_place_it_is_asked_where_and_the_answer_completes_it(rosa: Resident) -> None:
    assert "calles" in rosa.asks("hay migra aqui ahorita como 5 agentes con chalecos")
    assert "Recibido" in rosa.asks("en la gage y state en huntington park")
    assert _incidents() == 1
    assert len(_reports()) == 1


def test_a_report_in_two_pieces_is_one_report(rosa: Resident) -> None:
    rosa.texts("oigan")
    rosa.texts("hay migra ahorita son 6")
    rosa.texts("en la pacific y florence")
    assert [report.kind for report in _reports()] == [ReportKind.REPORT]
    assert _incidents() == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [("la migra", "en la gage y state ahorita"), ("immigration", "they are at gage and state right now"),
     ("immigration agents", "gage and state")],
)  # fmt: skip
def test_what_we_offered_for_the_first_piece_does_not_part_it_from_the_second(
    rosa: Resident, first: str, then: str
) -> None:
    rosa.texts(first)
    rosa.texts(then)
    assert [report.place_key for report in _reports()] == ["corner:gage+state@hp"] and _incidents() == 1


def test_an_answer_to_our_question_is_added_to_the_report(rosa: Resident) -> None:
    assert "?" in rosa.asks("la migra esta parada en la pacific y florence")
    rosa.asks("como 8 ahorita")
    (report,) = _reports()
    assert report.size == 8
    assert _incidents() == 1


def test_after_two_tries_nobody_is_asked_a_third_time(rosa: Resident) -> None:
    rosa.asks("hay migra aqui ahorita como 5 agentes")
    rosa.asks("aqui por mi casa")
    rosa.asks("por donde siempre")
    assert rosa.said[-1] == says("hotline.report_no_place_later", "es"), "nobody promises to tell what came of it"


def test_outside_is_said_and_nothing_is_opened(rosa: Resident) -> None:
    assert "Compton" in rosa.asks("hay migra en compton, en la rosecrans y wilmington, 4 agentes ahorita")
    assert _incidents() == 0


def test_hearsay_is_answered_as_a_question_and_confirms_nothing(rosa: Resident) -> None:
    answer = rosa.asks("dicen que hay redada en la pacific y florence, es cierto?")
    assert "Pacific" in answer
    assert "confirmado" not in answer.lower().replace("nada confirmado", "")
    assert all(report.kind is ReportKind.RUMOR for report in _reports())


def test_plates_and_house_numbers_are_not_kept(rosa: Resident) -> None:
    rosa.asks("migra en la pacific y florence ahorita, placas 8ABC123, afuera del 6543 de la pacific")
    assert "8ABC123" not in _reports()[0].text
    assert "6543" not in _reports()[0].text


def test_of_a_street_through_all_of_town_the_other_street_is_asked_and_no_long_list_is_sent(rosa: Resident) -> None:
    answer = rosa.asks("ICE at atlantic")
    assert "?" in answer and "Atlantic" in answer
    assert "Cudahy" not in answer
    assert "R" in rosa.asks("florence, in bell")
    assert _incidents() == 1


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.COORDINATOR])
def test_that_nobody_is_on_shift_is_said_only_when_it_is_so(rosa: Resident, role: Role) -> None:
    with writing() as session:
        Town(session, given=20).person("Una", role, areas=("belmont",))
    answer = rosa.asks(LUIS_SAW)
    assert "de turno" not in answer and "Quiza nadie pueda revisarlo" in answer


def test_a_copied_report_hears_of_those_who_look_already(resident: Callable[..., Resident]) -> None:
    """Its number is asked about nowhere; but somebody may look there for another's word."""
    with writing() as session:
        Town(session, given=20).person("Vera")
    assert "Buscamos" in resident(1).asks(LUIS_SAW)
    brigade = resident(2)
    for corner in (
        "gage y state",
        "slauson y pacific",
        "saturn y pacific",
        "clarendon y pacific",
        "pacific y florence",
    ):
        brigade.texts(f"la migra esta en la {corner} en huntington park ahorita son como 8, 2 camionetas blancas")
    with reading() as session:
        last = session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
        assert last.set_aside is not None and last.set_aside in BRIGADE
    assert "de turno" not in brigade.said[-1] and "Buscamos" in brigade.said[-1]


def test_whoever_was_sent_hears_where_it_has_moved_to(rosa: Resident, ben: Resident) -> None:
    with writing() as session:
        line = InvitationLine(name="ash", created_at=now())
        vera = Person(
            name="Vera", role=Role.VERIFIER, created_at=now(), language="es", areas=[PersonArea(neighborhood="hp")]
        )
        session.add(line)
        session.flush()
        vera.line_id, vera.contact_id = line.id, find_or_add(session, "+13235550177", Channel.SMS).id
        session.add(vera)
        session.flush()
        shifts.on(session, vera)
    rosa.texts("ice at slauson and pacific right now, 5 agents, 2 white vans")
    ben.texts("la migra en gage y seville, como 5 de ICE en 2 vans blancas, ahorita")
    with reading() as session:
        pages = session.scalars(select(Delivery).where(Delivery.key == "pages.look").order_by(Delivery.id))
        places = [str((page.values or {})["place"]) for page in pages]
    assert [("Slauson" in place, "Seville" in place) for place in places] == [(True, False), (False, True)]
