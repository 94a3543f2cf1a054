"""Shifts planned ahead: by oneself, for others by coordinators; none too long, too far, past, or on top of another."""

import datetime as dt

import pytest
from time_machine import travel

from bot.clock import ahead, local, now
from bot.people import calendar, shifts, sign_in
from bot.people.calendar import PlanRefused
from bot.people.models import Person, Role
from bot.store.session import reading, writing
from tests.people.conftest import admitted
from tests.services.settings import Environment

EVENING = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
"""Sunday, 6pm in Los Angeles."""


@pytest.fixture
def vera(database_url: str) -> Person:
    with writing() as session:
        return admitted(session, "Vera", "west", Role.VERIFIER)


def _plan(person: Person, start: dt.datetime, hours: float = 4, by: Person | None = None) -> int:
    with writing() as session:
        planned = calendar.plan(
            session,
            session.get_one(Person, person.id),
            start,
            start + dt.timedelta(hours=hours),
            session.get_one(Person, (by or person).id),
        )
        return planned.id


def _refused(person: Person, start: dt.datetime, hours: float = 4, by: Person | None = None) -> str:
    with pytest.raises(PlanRefused) as refused:
        _plan(person, start, hours, by)
    return str(refused.value.args[0])


def _on_at(moment: dt.datetime) -> list[str]:
    with travel(moment, tick=False), reading() as session:
        return [person.name for person in shifts.on_shift(session)]


def test_a_planned_shift_begins_and_ends_by_itself(vera: Person) -> None:
    start = ahead(hours=10)
    _plan(vera, start)
    assert _on_at(now()) == []
    assert _on_at(start + dt.timedelta(minutes=1)) == ["Vera"]
    assert _on_at(start + dt.timedelta(hours=4)) == []


def test_off_ends_a_planned_one_that_runs_and_leaves_what_is_planned_for_later(vera: Person) -> None:
    start = ahead(hours=1)
    _plan(vera, start)
    _plan(vera, start + dt.timedelta(days=1))
    with travel(start + dt.timedelta(minutes=30), tick=True):
        with writing() as session:
            shifts.on(session, session.get_one(Person, vera.id))
            assert shifts.off(session, session.get_one(Person, vera.id))
        assert _on_at(now() + dt.timedelta(seconds=1)) == []
    assert _on_at(start + dt.timedelta(days=1, minutes=1)) == ["Vera"]


def test_only_a_coordinator_plans_and_cancels_for_others(vera: Person, ana: Person) -> None:
    assert _refused(vera, ahead(hours=5), by=ana) == "not_yours"
    with writing() as session:
        carmen = admitted(session, "Carmen", "east", Role.COORDINATOR)
    planned = _plan(vera, ahead(hours=5), by=carmen)
    with writing() as session, pytest.raises(PlanRefused, match="not_yours"):
        calendar.cancel(session, planned, session.get_one(Person, ana.id))
    with writing() as session:
        assert calendar.cancel(session, planned, session.get_one(Person, carmen.id)).id == vera.id
    assert _on_at(ahead(hours=6)) == []


@pytest.mark.parametrize(
    ("hours_ahead", "hours", "reason"),
    [(-5, 4, "past"), (-1, 4, "past"), (1, 0, "past"), (1, 12.5, "too_long"), (29 * 24, 4, "too_far")],
)
def test_what_cannot_be_planned(vera: Person, hours_ahead: float, hours: float, reason: str) -> None:
    assert _refused(vera, ahead(hours=hours_ahead), hours) == reason


def test_the_limits_are_settings(vera: Person, env: Environment) -> None:
    env.set(shift_longest_hours=2, shift_plan_days=1)
    assert _refused(vera, ahead(hours=5), 3) == "too_long"
    assert _refused(vera, ahead(hours=25), 2) == "too_far"


def test_nobody_has_two_shifts_at_once_but_one_after_the_other(vera: Person) -> None:
    start = ahead(hours=5)
    _plan(vera, start)
    for shifted in (-3, 0, 3):
        assert _refused(vera, start + dt.timedelta(hours=shifted)) == "overlaps"
    assert _plan(vera, start + dt.timedelta(hours=4))
    assert _plan(vera, start - dt.timedelta(hours=4))


def test_nobody_plans_for_whom_has_no_access_nor_after_losing_it(vera: Person) -> None:
    with writing() as session:
        carmen = admitted(session, "Carmen", "east", Role.COORDINATOR)
        sign_in.revoke(session, session.get_one(Person, vera.id))
    assert _refused(vera, ahead(hours=5), by=carmen) == "gone"
    assert _refused(vera, ahead(hours=5)) == "not_yours"


def test_a_cancelled_shift_that_has_begun_ends_and_one_that_is_over_stays(vera: Person) -> None:
    planned = _plan(vera, ahead(hours=1))
    with travel(ahead(hours=2), tick=True):
        with writing() as session:
            calendar.cancel(session, planned, session.get_one(Person, vera.id))
        assert _on_at(now() + dt.timedelta(seconds=1)) == []
        with writing() as session, pytest.raises(PlanRefused, match="over"):
            calendar.cancel(session, planned, session.get_one(Person, vera.id))
        with reading() as session:
            assert [shift.id for shift, _ in calendar.between(session, now() - dt.timedelta(hours=2), now())] == [
                planned
            ]


def test_hours_are_those_people_here_read_and_an_early_end_is_the_next_days(env: Environment) -> None:
    with travel(EVENING, tick=False):
        start, end = calendar.span(dt.date(2026, 11, 24), 22, 2)
    assert (local(start).hour, local(end).hour) == (22, 2)
    assert end - start == dt.timedelta(hours=4)


def test_an_hour_that_runs_already_begins_now(env: Environment) -> None:
    with travel(EVENING + dt.timedelta(minutes=20), tick=False):
        assert calendar.span(dt.date(2026, 11, 22), 18, 22)[0] == now()


def test_the_night_the_clocks_go_back_has_an_hour_more(env: Environment) -> None:
    (_, start, end), *_ = calendar.days_from(dt.date(2026, 11, 1), 1)
    assert end - start == dt.timedelta(hours=25)
    with travel(dt.datetime(2026, 10, 31, 20, tzinfo=dt.UTC), tick=False):
        begins, ends = calendar.span(dt.date(2026, 10, 31), 22, 6)
    assert ends - begins == dt.timedelta(hours=9)


def test_a_shift_over_midnight_stands_on_both_days(vera: Person) -> None:
    with travel(EVENING, tick=True):
        _plan(vera, calendar.moment(dt.date(2026, 11, 24), 22))
        days = list(calendar.days_from(dt.date(2026, 11, 24), 2))
        with reading() as session:
            assert [len(calendar.between(session, start, end)) for _, start, end in days] == [1, 1]
