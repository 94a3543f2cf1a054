"""Does CHECK say "we are trying to check it" only where somebody is on it, and says else that nobody has checked it yet?"""

import pytest
import time_machine
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from bot.alerts import known
from bot.channels.segments import for_sms, measure
from bot.clock import now
from bot.incidents.opening import Spot, open_at
from bot.incidents.states import IncidentState
from bot.moderation import claims, closing, escalating, findings, paging, queue, sending_there, verdicts
from bot.moderation.models import Saw
from bot.people.models import Person, Role
from bot.places import gazetteer
from bot.reports.models import Aside, Report
from bot.settings import settings
from messages import catalog, languages
from tests.alerts.stage import Stage
from tests.alerts.test_known import of_corner, said
from tests.moderation.cast import ELSEWHERE, ROSA, Town, later

S = IncidentState
HP = gazetteer.find("huntington park")


def kind(stage: Stage) -> str:
    """By the place, by its neighborhood and by the incident it is the same."""
    stage.town.session.flush()
    of_all = known.of_place(stage.town.session, HP)
    one, by_itself = of_corner(stage.town), known.of_incident(stage.town.session, stage.incident)
    assert one.kind == by_itself.kind == of_all.kind
    assert one.incident is stage.incident
    return one.kind


def declines(stage: Stage, person: Person) -> None:
    assert stage.says(person, stage.town.last(person)["cannot"])


def test_what_nobody_was_asked_about_has_nobody_checked(stage: Stage) -> None:
    assert kind(stage) == "unchecked"
    words = said(of_corner(stage.town), "en")
    assert "NOT confirmed; nobody has checked it yet" in words and "does not mean nobody is there" in words


def test_who_was_asked_and_may_still_answer_is_on_it(paged: Stage) -> None:
    assert kind(paged) == "checking"


def test_once_everybody_asked_has_let_it_pass_nobody_is(paged: Stage) -> None:
    wim = paged.town.person("Wim")
    declines(paged, paged.vera)
    assert kind(paged) == "checking", "the next one was asked"
    declines(paged, wim)
    assert kind(paged) == "unchecked"


def test_a_number_that_holds_no_longer_is_no_answer_to_come(clock: time_machine.Traveller, paged: Stage) -> None:
    later(clock, minutes=settings().unverifiable_minutes + 1)
    assert kind(paged) == "unchecked"


def test_whom_no_text_reaches_will_not_answer(paged: Stage) -> None:
    assert paged.vera.contact is not None
    paged.vera.contact.suppressed = "unreachable"
    assert kind(paged) == "unchecked"


def test_who_works_here_no_longer_will_not_answer(paged: Stage) -> None:
    paged.vera.revoked_at = now()
    assert kind(paged) == "unchecked"


def test_who_goes_is_on_it_until_they_let_go(paged: Stage) -> None:
    paged.goes()
    assert kind(paged) == "checking"
    claims.give_up(paged.town.session, paged.incident, paged.vera)
    assert kind(paged) == "unchecked", "who gave it up is not asked again"


def test_whoever_was_spared_is_on_it_again_once_asked_again(paged: Stage) -> None:
    wim = paged.town.person("Wim")
    paging.widen(paged.town.session, paged.incident)
    paged.goes()
    claims.give_up(paged.town.session, paged.incident, paged.vera)
    assert kind(paged) == "checking"
    declines(paged, wim)
    assert kind(paged) == "unchecked"


def test_who_says_stop_will_not_answer(paged: Stage) -> None:
    assert paged.vera.contact is not None
    paged.vera.contact.stop()
    assert kind(paged) == "unchecked"


def test_who_goes_without_having_been_asked_is_on_it(stage: Stage) -> None:
    claims.claim(stage.town.session, stage.incident, stage.vera)
    assert kind(stage) == "checking"


def test_what_is_folded_nobody_checks_until_somebody_is_sent(stage: Stage) -> None:
    stage.town.session.execute(update(Report).values(set_aside=Aside.MANY_PLACES))
    assert queue.screen(stage.town.session).folded == 1 and kind(stage) == "unchecked"
    dora = stage.town.person("Dora", Role.DISPATCHER, line="oak", phone=False)
    sending_there.ask(stage.town.session, stage.incident, dora)
    assert kind(stage) == "checking"


def test_where_somebody_left_because_it_is_unsafe_nobody_is_sent_and_nobody_has_checked(paged: Stage) -> None:
    paged.town.person("Wim")
    paging.widen(paged.town.session, paged.incident)
    paged.goes()
    findings.find(paged.town.session, paged.incident, paged.vera, Saw.UNSAFE)
    assert kind(paged) == "unchecked"


def test_what_somebody_looked_at_is_not_called_unchecked(paged: Stage) -> None:
    paged.goes()
    findings.find(paged.town.session, paged.incident, paged.vera, Saw.UNSURE)
    verdicts.judge(paged.town.session, paged.incident)
    assert paged.incident.state is S.UNCONFIRMED and kind(paged) == "checking", "though nobody else is asked"


def test_a_look_before_it_was_told_of_again_is_none(clock: time_machine.Traveller, paged: Stage) -> None:
    paged.goes()
    findings.find(paged.town.session, paged.incident, paged.vera, Saw.NOBODY)
    verdicts.judge(paged.town.session, paged.incident)
    assert of_corner(paged.town).kind == "not_seen"
    later(clock, minutes=5)
    assert paged.town.tells(paged.town.phone(), ROSA).incident is paged.incident and kind(paged) == "unchecked"


def test_who_finds_out_another_way_is_on_it_for_as_long_as_that_takes(
    clock: time_machine.Traveller, stage: Stage
) -> None:
    cora = stage.town.person("Cora", Role.COORDINATOR, line="oak")
    escalating.ask_to_decide(stage.town.session, stage.incident)
    assert kind(stage) == "unchecked", "nobody has chosen yet"
    escalating.decide(stage.town.session, stage.incident, cora, "second_way")
    assert kind(stage) == "checking"
    later(clock, minutes=settings().second_way_minutes + 1)
    assert kind(stage) == "unchecked"


def test_what_one_person_confirmed_was_checked(stage: Stage) -> None:
    stage.found()
    assert kind(stage) == "checking"


def test_what_is_being_checked_is_said_before_what_nobody_checks(paged: Stage) -> None:
    paged.town.tells(paged.town.phone(), ELSEWHERE)
    assert kind(paged) == "checking", "though the other is newer"


def test_what_nobody_checks_is_said_before_what_was_closed(stage: Stage) -> None:
    other = stage.town.tells(stage.town.phone(), ELSEWHERE).incident
    assert other is not None
    closing.close(stage.town.session, other, S.UNVERIFIABLE)
    assert kind(stage) == "unchecked"


def test_the_answer_for_a_neighborhood_asks_as_much_of_thirty_as_of_three(stage: Stage) -> None:
    many(stage.town, 3, "a")
    few = questions(stage.town.session)
    many(stage.town, 30, "b")
    assert questions(stage.town.session) == few


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_it_costs_no_more_segments_than_the_text_it_stands_beside_and_is_not_the_same(language: str) -> None:
    said = {"place": "Long Beach Blvd y Pacific Coast Hwy", "time": "12:08am"}
    trying, nobody = (catalog.text(f"alerts.known_{key}", language, **said) for key in ("checking", "unchecked"))
    assert measure(for_sms(nobody, language)).segments <= measure(for_sms(trying, language)).segments
    assert nobody != trying and nobody.endswith(trying[-10:]), "silence is not safety, in the same words"
    assert all(value in nobody for value in said.values())


def many(town: Town, count: int, named: str) -> None:
    """Places of their own, so far apart that none is another's."""
    for n in range(count):
        open_at(town.session, Spot(f"{named}:{n}", f"Corner {named}{n}", ("hp",), 33.97, -118.2))
    town.session.flush()


def questions(session: Session) -> int:
    session.flush()
    session.expire_all()
    asked: list[object] = []
    connection = session.connection()

    def heard(*statement: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    try:
        assert known.of_place(session, HP).kind == "unchecked"
    finally:
        event.remove(connection, "before_cursor_execute", heard)
    return len(asked)
