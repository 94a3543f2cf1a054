"""What does CHECK say, and does it ever call true what one person saw, or safe what nobody saw?"""

import re

import pytest
import time_machine
from sqlalchemy import select

from bot.alerts import correction, known, live
from bot.alerts.known import Known
from bot.incidents.states import IncidentState
from bot.moderation import closing, findings, paging, verdicts
from bot.moderation.models import Saw
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Kind
from bot.places import gazetteer
from bot.reports.models import ReportKind
from messages import catalog
from tests.alerts.stage import Stage
from tests.moderation.cast import LUIS, Town, later

S = IncidentState


def of_corner(town: Town, place: str = "pacific y florence") -> Known:
    return known.of_place(town.session, gazetteer.find(place))


def said(one: Known, language: str = "es") -> str:
    return catalog.text(one.key, language, **one.words(language))


def test_nothing_known_is_not_safety(town: Town) -> None:
    one = of_corner(town)
    assert one.kind == "nothing" and "Pacific y Florence" in said(one) and "No quiere decir que no haya" in said(one)


def test_what_is_only_reported_or_found_by_one_is_being_checked(stage: Stage) -> None:
    paging.page(stage.town.session, stage.incident)
    assert of_corner(stage.town).kind == "checking"
    stage.found()
    assert stage.incident.state is S.CONFIRMED
    one = of_corner(stage.town)
    assert one.kind == "checking" and "NO está confirmado" in said(one)


def test_confirmed_once_it_is_let_out_in_the_alerts_own_slots(stage: Stage) -> None:
    stage.found()
    stage.release()
    for one in (of_corner(stage.town), known.of_code(stage.town.session, stage.incident.code.lower())):
        assert one.kind == "confirmed"
        assert stage.incident.code in said(one) and "ICE" in said(one) and re.search(r"\d:\d\d[ap]m", said(one))


def test_an_untold_incidents_code_is_nobodys_business(stage: Stage) -> None:
    stage.found()
    assert known.of_code(stage.town.session, stage.incident.code).kind == "unknown_code"
    assert "no es nuestro" in said(known.of_code(stage.town.session, "Z9Z"))


def test_over_doubted_and_corrected_are_said(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    stage.release(Kind.OVER)
    assert of_corner(stage.town).kind == "over"
    correction.halt_and_doubt(stage.town.session, stage.incident, stage.omar)
    assert of_corner(stage.town).kind == "doubted"
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "police")
    stage.release(Kind.CORRECTION)
    one = of_corner(stage.town)
    assert one.kind == "corrected" and "policía local" in said(one)


def test_an_unfounded_alert_is_not_called_something_else(stage: Stage) -> None:
    stage.found()
    stage.release()
    correction.propose_correction(stage.town.session, stage.incident, stage.omar, "unfounded")
    stage.release(Kind.CORRECTION)
    assert said(of_corner(stage.town)).endswith("No quiere decir que no haya.")


def test_an_alert_that_ran_out_says_that_we_do_not_know(clock: time_machine.Traveller, stage: Stage) -> None:
    stage.found()
    stage.release()
    later(clock, minutes=61)
    one = of_corner(stage.town)
    assert one.kind == "expired" and "no sabemos" in said(one)


@pytest.mark.parametrize(("saw", "kind"), [(Saw.NOBODY, "not_seen"), (Saw.OTHER_POLICE, "something_else")])
def test_what_was_looked_at_is_said_with_its_time(stage: Stage, saw: Saw, kind: str) -> None:
    findings.find(stage.town.session, stage.incident, stage.vera, saw)
    verdicts.judge(stage.town.session, stage.incident)
    one = of_corner(stage.town)
    assert one.kind == kind and one.at == stage.incident.looked_at and "Fuimos a" in said(one)


def test_what_nobody_could_check_is_said(stage: Stage) -> None:
    closing.close(stage.town.session, stage.incident, S.UNVERIFIABLE)
    assert of_corner(stage.town).kind == "unverifiable"


def test_what_is_only_asked_about_is_nothing_known(town: Town) -> None:
    for _ in range(3):
        town.tells(town.phone(), LUIS, ReportKind.RUMOR)
    assert of_corner(town).kind == "nothing"


def test_another_corner_is_not_answered_by_this_one(stage: Stage) -> None:
    stage.found()
    stage.release()
    assert of_corner(stage.town, "gage y state").kind == "nothing"


def test_a_whole_neighborhood_hears_what_is_confirmed_in_it(stage: Stage) -> None:
    stage.found()
    stage.release()
    assert of_corner(stage.town, "huntington park").kind == "confirmed"
    assert of_corner(stage.town, "maywood").kind == "nothing"
    assert of_corner(stage.town, "walnut park").kind == "confirmed"
    assert of_corner(stage.town).kind == "confirmed"


def test_yesterday_is_not_now(clock: time_machine.Traveller, stage: Stage) -> None:
    closing.close(stage.town.session, stage.incident, S.UNVERIFIABLE)
    later(clock, hours=13)
    assert of_corner(stage.town).kind == "nothing"


@pytest.mark.parametrize("text", ["K7Q", "k7q", " K7Q ", "K7Q2"])
def test_how_a_code_is_written(town: Town, text: str) -> None:
    assert known.is_code(town.session, text)


@pytest.mark.parametrize("text", ["", "gage", "90255", "pacific y florence", "77Q", "K7"])
def test_what_is_no_code(town: Town, text: str) -> None:
    assert not known.is_code(town.session, text)


def test_every_answer_can_be_said_in_both_languages(stage: Stage) -> None:
    stage.found()
    stage.release()
    alert = live.live(stage.town.session)[0]
    for kind in ("confirmed", "over", "expired", "corrected", "doubted"):
        one = Known(kind, alert.created_at, stage.incident, alert)
        assert said(one, "en") and said(one, "es")
    for kind in ("checking", "unchecked", "something_else", "not_seen", "unverifiable", "nothing"):
        assert said(Known(kind, alert.created_at, stage.incident), "en")


def test_somebody_who_joins_while_it_is_live_is_told_once(stage: Stage) -> None:
    stage.found()
    assert live.tell_newcomer(stage.town.session, stage.town.neighbor("hp"), "hp") == 0, "not before its release"
    stage.release()
    late = stage.town.neighbor("hp")
    assert live.tell_newcomer(stage.town.session, late, "hp") == 1
    assert live.tell_newcomer(stage.town.session, late, "hp") == 0
    assert live.tell_newcomer(stage.town.session, stage.town.neighbor("maywood"), "maywood") == 0
    assert len(list(stage.town.session.scalars(select(Delivery).where(Delivery.contact_id == late.id)))) == 1


def test_what_is_over_is_told_to_no_newcomer(stage: Stage) -> None:
    stage.found()
    stage.release()
    stage.found(saw=Saw.GONE)
    stage.release(Kind.OVER)
    assert live.tell_newcomer(stage.town.session, stage.town.neighbor("hp"), "hp") == 0
