"""Are the coordinators told of an empty shift once, in time, and not in the middle of the night?"""

import datetime as dt

import pytest
import time_machine

from bot.clock import now
from bot.moderation import empty_shifts
from bot.people.models import Person, Role, Shift
from tests.moderation.cast import Town, later

AFTERNOON, LATE, NIGHT = "2026-11-22T22:00:00Z", "2026-11-23T06:00:00Z", "2026-11-23T09:30:00Z"
"""2pm, 10pm and 1:30am in Los Angeles."""


@pytest.fixture
def staffed(town: Town, clock: time_machine.Traveller) -> Town:
    """Always somebody to release and to look, but for what a test leaves empty. Cora hears of it."""
    clock.move_to(AFTERNOON)
    town.person("Cora", Role.COORDINATOR, on=False)
    town.person("Olga", Role.ORGANIZER, line="birch", on=False, phone=False)
    town.person("Vera", on=False, phone=False)
    return town


def plan(town: Town, name: str, *spans: tuple[float, float]) -> None:
    person = town.session.query(Person).filter_by(name=name).one()
    for start, end in spans:
        begins, ends = (now() + dt.timedelta(hours=hours) for hours in (start, end))
        town.session.add(Shift(person_id=person.id, starts_at=begins, ends_at=ends))
    town.session.flush()


def cora(town: Town) -> list[str]:
    return town.read(town.session.query(Person).filter_by(name="Cora").one())


def test_tonight_nobody_can_release_is_said_in_the_afternoon_once(staffed: Town, clock: time_machine.Traveller) -> None:
    plan(staffed, "Olga", (-1, 8), (12, 48))
    plan(staffed, "Vera", (-1, 48))
    assert empty_shifts.say(staffed.session) == 1
    later(clock, minutes=30)
    assert empty_shifts.say(staffed.session) == 0
    (said,) = cora(staffed)
    assert "10:00pm to 2:00am" in said and "no alert can leave" in said


def test_what_is_far_off_waits(staffed: Town, clock: time_machine.Traveller) -> None:
    plan(staffed, "Olga", (-1, 14), (16, 48))
    plan(staffed, "Vera", (-1, 48))
    assert empty_shifts.say(staffed.session) == 0
    later(clock, hours=2)
    assert empty_shifts.say(staffed.session) == 1


def test_at_night_it_waits_unless_it_begins_soon(staffed: Town, clock: time_machine.Traveller) -> None:
    clock.move_to(LATE)
    plan(staffed, "Olga", (-1, 4), (8, 48))
    plan(staffed, "Vera", (-1, 48))
    assert empty_shifts.say(staffed.session) == 0
    clock.move_to(NIGHT)
    assert empty_shifts.say(staffed.session) == 1, "half an hour before it"


def test_nobody_to_look_names_where(staffed: Town) -> None:
    plan(staffed, "Olga", (-1, 48))
    plan(staffed, "Vera", (-1, 6), (9, 48))
    staffed.person("Maya", areas=("lb_east",), on=False, phone=False)
    plan(staffed, "Maya", (-1, 48))
    empty_shifts.say(staffed.session)
    (said,) = cora(staffed)
    assert "Huntington Park" in said and "8:00pm to 11:00pm" in said and "Long Beach" not in said


def test_what_was_told_is_not_told_again_when_part_of_it_is_filled_but_what_grew_is(
    staffed: Town, clock: time_machine.Traveller
) -> None:
    plan(staffed, "Vera", (-1, 48))
    plan(staffed, "Olga", (-1, 5), (11, 48))
    empty_shifts.say(staffed.session)
    plan(staffed, "Olga", (7, 8))
    assert empty_shifts.say(staffed.session) == 0
    running = staffed.session.query(Shift).filter(Shift.ends_at == now() + dt.timedelta(hours=5)).one()
    running.ends_at = now() + dt.timedelta(hours=3)
    staffed.session.flush()
    assert empty_shifts.say(staffed.session) == 1
    assert len(cora(staffed)) == 2


def test_a_few_minutes_between_two_shifts_are_no_gap(staffed: Town) -> None:
    plan(staffed, "Vera", (-1, 48))
    plan(staffed, "Olga", (-1, 4), (4.1, 48))
    assert empty_shifts.say(staffed.session) == 0


def test_where_nothing_is_ever_planned_it_is_said_twice_a_day_at_most(
    staffed: Town, clock: time_machine.Traveller
) -> None:
    for _ in range(48):
        empty_shifts.say(staffed.session)
        later(clock, minutes=30)
    release = [said for said in cora(staffed) if "no alert can leave" in said]
    assert 1 <= len(release) <= 2 and "from 2:00pm on" in release[0]


def test_many_neighborhoods_are_few_texts(staffed: Town) -> None:
    plan(staffed, "Olga", (-1, 48))
    plan(staffed, "Vera", (-1, 48))
    for hours, area in enumerate(("lb_east", "lb_north", "lb_westside", "lb_downtown", "lb_bixby"), start=2):
        staffed.person(area, areas=(area,), on=False, phone=False)
        plan(staffed, area, (-1, hours))
    empty_shifts.say(staffed.session)
    assert 1 <= len(cora(staffed)) <= empty_shifts.MOST_TEXTS


def test_without_a_coordinator_an_organizer_hears_it(town: Town, clock: time_machine.Traveller) -> None:
    clock.move_to(AFTERNOON)
    olga = town.person("Olga", Role.ORGANIZER, on=False)
    empty_shifts.say(town.session)
    assert "pages.gap_release" in town.keys(olga)
