"""Who is asked to go, and who never?"""

import pytest
import time_machine
from sqlalchemy import event

from bot.channels.segments import measure
from bot.clock import now
from bot.incidents import opening
from bot.incidents.opening import Spot
from bot.incidents.states import IncidentState
from bot.moderation import claims, escalating, paging, sweeping
from bot.people import shifts
from bot.people.models import Role
from bot.store.engine import engine
from bot.store.session import reading, writing
from tests.moderation.cast import ELSEWHERE, LUIS, Town, later
from tests.services.settings import Environment


def paged(town: Town, text: str = LUIS) -> set[str]:
    return {page.person.name for page in paging.pages_of(town.session, town.incident(text))}


def test_own_areas_first_then_adjoining_and_never_farther(town: Town) -> None:
    town.person("Next", areas=("south_gate",))
    town.person("Here", areas=("walnut_park",))
    town.person("Also", areas=("hp", "lb_east"))
    town.person("Far", areas=("lb_east",))
    assert [page.person.name for page in paging.pages_of(town.session, town.incident())] == ["Here", "Also", "Next"]


def test_as_many_as_the_ring_holds(town: Town, env: Environment) -> None:
    for name in ("Ana", "Bea", "Cleo", "Dora"):
        town.person(name)
    assert len(paged(town)) == 3


def test_nobody_off_shift_revoked_stopped_or_without_a_phone(town: Town) -> None:
    town.person("Off", on=False)
    town.person("Gone").revoked_at = now()
    stopped = town.person("Stopped")
    assert stopped.contact is not None
    stopped.contact.stop()
    town.person("Phoneless", phone=False)
    town.person("Otto", Role.ORGANIZER)
    assert paged(town) == set()


def test_who_reported_it_does_not_verify_it(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.tells(vera.contact).incident
    assert incident is not None and paging.page(town.session, incident) == []


def test_paging_again_pages_nobody_twice(town: Town) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    assert paging.page(town.session, incident) == paging.pages_of(town.session, incident)
    assert town.keys(vera) == ["pages.look"]


def test_the_page_says_what_where_when_and_how_to_stay_safe_in_one_segment(town: Town) -> None:
    vera = town.person("Vera")
    town.incident()
    (said,) = town.read(vera)
    assert "Pacific & Florence" in said and "8 people" in said and "never follow or block" in said
    assert town.last(vera)["going"] in said and town.last(vera)["cannot"] in said
    assert measure(said).segments <= 2


def test_nothing_a_reporter_wrote_is_in_a_page(town: Town) -> None:
    vera = town.person("Vera")
    town.incident("ICE en pacific y florence, mi primo Wenceslao Ortigoza vive ahi")
    assert "Wenceslao" not in town.read(vera)[0] and "Ortigoza" not in town.read(vera)[0]


def test_nobody_on_shift_is_told_to_those_who_watch_once(town: Town) -> None:
    dora = town.person("Dora", Role.DISPATCHER, on=False)
    cora = town.person("Cora", Role.COORDINATOR, on=False)
    incident = town.incident()
    assert paging.page(town.session, incident) == []
    assert town.keys(dora) == ["pages.nobody_on"] and town.keys(cora) == ["pages.nobody_on"]


def test_watchers_on_shift_are_told_rather_than_those_asleep(town: Town) -> None:
    awake, asleep = town.person("Awake", Role.DISPATCHER), town.person("Asleep", Role.COORDINATOR, on=False)
    town.incident()
    assert town.keys(awake) == ["pages.nobody_on"] and town.keys(asleep) == []


def test_who_declines_is_not_asked_again_and_the_next_one_is(town: Town, env: Environment) -> None:
    env.set(page_ring_size=1)
    first, second = town.person("Ana"), town.person("Bea")
    incident = town.incident()
    claims.decline(town.session, incident, first)
    assert town.keys(second) == ["pages.look"] and town.keys(first) == ["pages.look"]


def test_rested_volunteers_come_before_those_just_paged(town: Town, env: Environment) -> None:
    env.set(page_ring_size=1)
    town.person("Ana"), town.person("Bea")
    assert paged(town) == {"Ana"}
    assert paged(town, ELSEWHERE) == {"Bea"}


def test_who_is_on_the_way_elsewhere_comes_last(town: Town, env: Environment) -> None:
    env.set(page_ring_size=1)
    ana = town.person("Ana")
    incident = town.incident()
    claims.claim(town.session, incident, ana)
    town.person("Next", areas=("hp",))
    assert paged(town, ELSEWHERE) == {"Next"}


def test_the_next_ring_comes_with_time(env: Environment, database_url: str, clock: time_machine.Traveller) -> None:
    env.set(page_ring_size=1)
    with writing() as session:
        town = Town(session)
        ana, bea = town.person("Ana"), town.person("Bea")
        town.incident()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert town.keys(ana) == ["pages.look"], "not before its time"
    later(clock, minutes=3)
    sweeping.sweep()
    sweeping.sweep()
    with writing() as session:
        town.session = session
        assert town.keys(bea) == ["pages.look"]


def test_a_disputed_incident_goes_to_a_senior_verifier(town: Town) -> None:
    sena = town.person("Sena", senior=True, areas=("lb_east",), on=False)
    incident = town.incident()
    incident.state = IncidentState.DISPUTED
    town.session.flush()
    paging.page_senior(town.session, incident)
    assert town.keys(sena) == ["pages.look_disputed"]


def test_a_reporter_is_told_that_somebody_looks_only_when_somebody_might(town: Town) -> None:
    empty = town.incident(ELSEWHERE)
    assert not paging.somebody_looks(town.session, empty)
    vera = town.person("Vera")
    incident = town.incident()
    assert paging.somebody_looks(town.session, incident)
    claims.decline(town.session, incident, vera)
    assert not paging.somebody_looks(town.session, incident), "everybody who was asked said no"
    claims.claim(town.session, incident, vera)
    assert paging.somebody_looks(town.session, incident)


def test_on_and_off_are_remembered_once(town: Town) -> None:
    vera = town.person("Vera", on=False)
    assert shifts.on(town.session, vera) is shifts.on(town.session, vera)
    assert shifts.on_shift(town.session) == [vera]
    assert shifts.off(town.session, vera) and not shifts.off(town.session, vera)
    assert shifts.on_shift(town.session) == []


@pytest.mark.parametrize("waiting", [4, 40])
def test_what_the_sweep_asks_the_database_does_not_grow_with_what_nobody_can_look_at(
    database_url: str, clock: time_machine.Traveller, waiting: int
) -> None:
    """A brigade leaves hundreds of places: each looks for somebody to ask again every few seconds."""
    with writing() as session:
        town = Town(session)
        town.person("Vera", areas=("lb_east",))
        town.person("Dora", Role.DISPATCHER)
        for n in range(waiting):
            spot = Spot(f"x:{n}", f"Corner {n}", ("hp",), 33.97, -118.2)
            paging.page(session, opening.open_at(session, spot))
    later(clock, minutes=11)
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(engine(), "before_cursor_execute", count)
    try:
        with reading() as session:
            assert sweeping._waiting_for_eyes(session) == []
            assert sweeping._owed_an_answer(session) == []
            assert len(escalating.unclaimed(session)) == len(escalating.undecided(session)) == escalating.MOST_AT_ONCE
    finally:
        event.remove(engine(), "before_cursor_execute", count)
    assert asked <= 30
