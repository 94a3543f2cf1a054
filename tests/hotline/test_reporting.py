"""A report gets a receipt with what was understood, at most two questions back, and is asked where when it says not."""

from sqlalchemy import func, select

from bot.incidents.models import Incident
from bot.reports.models import Report, ReportKind
from bot.store.session import reading
from tests.hotline.conftest import Resident

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
    assert "?" not in rosa.said[-1]


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
