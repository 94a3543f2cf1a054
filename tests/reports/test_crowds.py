"""Few who write as if they were many: set aside with a reason, kept, answered, and never banned."""

import pytest
import time_machine

from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import closing, queue, sweeping
from bot.people.models import Person
from bot.reports import standing, surge
from bot.reports.models import Aside, Band, Report
from bot.stewardship.forget import forget
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later
from tests.services.settings import Environment

CORNERS = ("Pacific y Florence", "Gage y State", "Slauson y Boyle", "Gage y Miles", "Florence y Salt Lake")
OWN_WORDS = "veo agentes de ICE en {} en Huntington Park"
CHAIN = "urgente vecinos me avisan agentes federales con armas largas en {} cuidense mucho no salgan de sus casas"


def tells_of_all(town: Town, words: str = OWN_WORDS, each_from_another: bool = False) -> list[Report]:
    one = town.phone()
    return [town.tells(town.phone() if each_from_another else one, words.format(corner)) for corner in CORNERS]


def test_a_number_that_tells_of_more_places_than_one_sees_is_set_aside_with_all_it_told(town: Town) -> None:
    told = tells_of_all(town)
    assert {one.set_aside for one in told} == {Aside.MANY_PLACES}
    assert len({one.incident_id for one in told}) == 5, "each is kept with an incident of its own"
    screen = queue.screen(town.session)
    assert screen.rows == [] and screen.folded == 5


def test_three_places_are_no_crowd(town: Town) -> None:
    one = town.phone()
    told = [town.tells(one, OWN_WORDS.format(corner)) for corner in CORNERS[:3]]
    assert [report.set_aside for report in told] == [None] * 3


def test_whose_reports_were_confirmed_may_tell_of_many_places(town: Town) -> None:
    one = town.phone()
    known(town, one)
    told = [town.tells(one, OWN_WORDS.format(corner)) for corner in CORNERS]
    assert {report.set_aside for report in told} == {None} and {report.band for report in told} == {Band.KNOWN}


def test_one_text_about_many_places_is_a_chain_letter(town: Town) -> None:
    told = tells_of_all(town, CHAIN, each_from_another=True)
    assert {one.set_aside for one in told} == {Aside.COPIED}


def test_two_places_may_be_one_that_was_corrected(town: Town) -> None:
    told = [town.tells(town.phone(), CHAIN.format(corner)) for corner in CORNERS[:2]]
    assert [one.set_aside for one in told] == [None, None]


def test_who_writes_often_is_no_crowd_on_a_quiet_day(town: Town) -> None:
    one = town.phone()
    told = [town.tells(one, LUIS) for _ in range(8)]
    assert {report.set_aside for report in told} == {None, Aside.SAME_NUMBER}


def test_who_writes_often_in_a_surge_adds_nothing(town: Town, env: Environment) -> None:
    env.set(surge_reports=10)
    loud = town.phone()
    told = [town.tells(loud, LUIS) for _ in range(10)]
    assert surge.is_on(town.session)
    assert Aside.BURST in {report.set_aside for report in told}
    quiet = town.tells(town.phone(), ELSEWHERE)
    assert quiet.set_aside is None, "a surge sets nobody else aside"


def test_a_surge_is_more_than_usual_and_not_only_many(
    clock: time_machine.Traveller, town: Town, env: Environment
) -> None:
    env.set(surge_reports=5, surge_usual_days=1)
    for _ in range(6):
        town.tells(town.phone(), ROSA)
    assert surge.now(town.session) is not None
    for _ in range(140):
        later(clock, minutes=10)
        for _ in range(2):
            town.tells(town.phone(), ROSA)
    for _ in range(5):
        town.tells(town.phone(), ROSA)
    assert surge.now(town.session) is None, "seven where two are usual"


def known(town: Town, contact: object, times: int = 1, worth: str = "confirmed") -> None:
    for _ in range(times):
        standing._count(town.session, contact.tag, worth)  # type: ignore[attr-defined]


def ended(town: Town, incident: Incident | None, state: IncidentState) -> None:
    assert incident is not None
    if state is IncidentState.ENDED:
        incident.becomes(town.session, IncidentState.VERIFYING)
        incident.becomes(town.session, IncidentState.CONFIRMED)
    elif state is IncidentState.NOT_SEEN:
        incident.becomes(town.session, IncidentState.VERIFYING)
    elif state is IncidentState.DEBUNKED:
        incident.was = "police"
    closing.close(town.session, incident, state)


@pytest.mark.parametrize(
    ("state", "band"),
    [(IncidentState.ENDED, Band.KNOWN), (IncidentState.NOT_SEEN, Band.NEW), (IncidentState.DEBUNKED, Band.NEW)],
)
def test_what_an_incident_was_is_added_once_to_who_told_of_it(
    clock: time_machine.Traveller, town: Town, state: IncidentState, band: Band
) -> None:
    luis = town.phone()
    town.tells(luis)
    ended(town, town.tells(luis, ROSA).incident, state)
    assert standing.settle(town.session) == 0, "it may still be opened again"
    later(clock, minutes=61)
    assert standing.settle(town.session) == 2 and standing.settle(town.session) == 0
    assert standing.band(town.session, luis) is band
    assert standing.band(town.session, town.phone()) is Band.NEW


def test_often_mistaken_is_three_times_something_else_and_never_not_seen(town: Town) -> None:
    luis, rosa = town.phone(), town.phone()
    known(town, luis, 3, "something_else")
    known(town, rosa, 9, "not_seen")
    assert standing.band(town.session, luis) is Band.OFTEN_MISTAKEN
    assert standing.band(town.session, rosa) is Band.NEW, "they may have left before anybody came"


def test_what_was_long_ago_counts_no_more_and_delete_takes_it_at_once(
    clock: time_machine.Traveller, town: Town, env: Environment
) -> None:
    luis, rosa = town.phone(), town.phone()
    known(town, luis)
    known(town, rosa)
    forget(town.session, rosa)
    again = town.phone()
    again.tag = rosa.tag
    assert standing.band(town.session, again) is Band.NEW
    later(clock, days=181)
    assert standing.band(town.session, luis) is Band.NEW


@pytest.mark.threat("T06")
def test_the_hundredth_report_of_a_number_pushes_nobody_down(town: Town) -> None:
    first = town.tells(town.phone(), ELSEWHERE).incident
    loud = town.phone()
    for _ in range(100):
        town.tells(loud)
    assert queue.waiting(town.session)[0].incident is first


def test_the_sweep_sends_nobody_to_what_is_folded_and_adds_what_ended_to_its_reporters(
    clock: time_machine.Traveller, database_url: str
) -> None:
    with writing() as session:
        town = Town(session)
        luis = town.phone()
        town.tells(luis)
        ended(town, town.tells(luis, ROSA).incident, IncidentState.ENDED)
        tells_of_all(town)
        vera = town.person("Vera")
    later(clock, minutes=5)
    sweeping.sweep()
    with writing() as session:
        assert Town(session).keys(session.get_one(Person, vera.id)) == []
        Town(session, given=20).tells(None, "yo tambien los veo en Gage y Miles en Huntington Park")
    sweeping.sweep()
    with writing() as session:
        assert Town(session).keys(session.get_one(Person, vera.id)) == ["pages.look"], "somebody else told of it"
    later(clock, minutes=57)
    sweeping.sweep()
    with reading() as session:
        assert standing.band(session, session.get_one(Contact, luis.id)) is Band.KNOWN
