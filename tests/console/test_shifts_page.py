"""The week's shifts on a page: who is on, who will be, and the empty times in words."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from bot.clock import now
from bot.people import calendar, shifts
from bot.people.models import Person, PersonArea, Shift
from bot.store.session import reading, writing
from tests.console.conftest import People
from tests.console.desk import Browser

EVENING = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
"""Sunday November 22, 6pm in Los Angeles."""
MONDAY = "2026-11-23"


def _planned(person: Person, day: dt.date, first: int, last: int) -> None:
    with writing() as session:
        start, end = calendar.span(day, first, last)
        session.add(Shift(person_id=person.id, starts_at=start, ends_at=end))


def _all_the_time(*people: Person) -> None:
    with writing() as session:
        for person in people:
            session.add(Shift(person_id=person.id, starts_at=now(), ends_at=now() + dt.timedelta(days=9)))


def shifts_of(session: Session, person: Person) -> list[Shift]:
    return list(session.scalars(select(Shift).where(Shift.person_id == person.id, Shift.ends_at > now())))


def test_a_volunteer_plans_and_cancels_their_own(vera: Browser, people: People) -> None:
    with travel(EVENING, tick=True):
        _signed_in_again(vera, people.vera)
        said = vera.does("/shifts", day=MONDAY, start="22", end="2")
        assert "Your shift is planned" in said
        assert "10pm to 2am" in said
        with reading() as session:
            (mine,) = shifts_of(session, people.vera)
        assert mine.ends_at - mine.starts_at == dt.timedelta(hours=4)
        assert "cancelled" in vera.does(f"/shifts/{mine.id}/cancel", week=MONDAY)
        with reading() as session:
            assert shifts_of(session, people.vera) == []


def _signed_in_again(browser: Browser, person: Person) -> None:
    from bot.people import sessions

    with writing() as session:
        browser.client.set_cookie("contigo-session", sessions.open_session(session, session.get_one(Person, person.id)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day": "yesterday", "start": "22", "end": "2"}, "Choose"),
        ({"day": MONDAY, "start": "25", "end": "2"}, "Choose"),
        ({"day": MONDAY, "start": "6", "end": "22"}, "12 hours at most"),
        ({"day": "2027-01-05", "start": "6", "end": "8"}, "28 days ahead"),
        ({"day": "2026-11-22", "start": "6", "end": "8"}, "That time is over"),
    ],
)
def test_what_cannot_be_planned_is_said(vera: Browser, people: People, fields: dict[str, str], says: str) -> None:
    with travel(EVENING, tick=True):
        _signed_in_again(vera, people.vera)
        assert says in vera.does("/shifts", **fields)


def test_only_a_coordinator_plans_for_others(ana: Browser, luz: Browser, people: People) -> None:
    with travel(EVENING, tick=True):
        for browser, person in ((ana, people.ana), (luz, people.luz)):
            _signed_in_again(browser, person)
        assert 'name="person"' not in luz.reads("/shifts")
        fields = {"day": MONDAY, "start": "6", "end": "8", "person": str(people.vera.id)}
        assert "a coordinator plans anybody" in luz.does("/shifts", **fields)
        assert "A shift of Vera is planned" in ana.does("/shifts", **fields)
        with reading() as session:
            (hers,) = shifts_of(session, people.vera)
        assert "a coordinator plans anybody" in luz.does(f"/shifts/{hers.id}/cancel")
        assert "That shift of Vera is cancelled" in ana.does(f"/shifts/{hers.id}/cancel")


def test_empty_times_are_said_in_words(luz: Browser, people: People) -> None:
    """VOICE: "Tonight 2 to 6: nobody can release; no alert can leave." """
    with travel(EVENING, tick=True):
        _signed_in_again(luz, people.luz)
        _all_the_time(people.vera)
        _planned(people.luz, dt.date(2026, 11, 22), 18, 2)
        _planned(people.luz, dt.date(2026, 11, 23), 6, 18)
        page = luz.reads("/shifts")
    assert "Tonight 2am to 6am: nobody can release; no alert can leave." in page
    assert "2am to 6am: nobody can release" in page.split('class="week"')[1]


def test_a_day_that_begins_before_the_night_is_over_is_not_called_tonight(luz: Browser, people: People) -> None:
    with travel(EVENING, tick=True):
        _signed_in_again(luz, people.luz)
        _all_the_time(people.vera)
        _planned(people.luz, dt.date(2026, 11, 22), 18, 2)
        _planned(people.luz, dt.date(2026, 11, 23), 2, 7)
        page = luz.reads("/shifts")
    assert "Tomorrow 7am to" in page and "Tonight" not in page


def test_where_nobody_can_look_is_said_with_its_neighborhoods(luz: Browser, people: People) -> None:
    with writing() as session:
        session.add(PersonArea(person_id=people.vera.id, neighborhood="hp"))
    with travel(EVENING, tick=True):
        _signed_in_again(luz, people.luz)
        _all_the_time(people.luz)
        assert "nobody can go and look in Huntington Park" in luz.reads("/shifts")
        _all_the_time(people.vera)
        assert "somebody can always look" in luz.reads("/shifts")


def test_on_and_off_stand_on_the_page_and_say_who_is_on(vera: Browser, people: People) -> None:
    assert "Your shift has begun" in vera.does("/shifts/now", on="1")
    assert "Vera" in vera.reads("/shifts").split("On now")[1].split("</p>")[0]
    assert "Your shift is over" in vera.does("/shifts/now", on="0")
    with reading() as session:
        assert shifts.on_shift(session) == []


@pytest.mark.parametrize("week", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-11-30", "2026-13-45"])
def test_any_week_that_is_asked_for_is_answered(vera: Browser, people: People, week: str) -> None:
    with travel(EVENING, tick=True):
        _signed_in_again(vera, people.vera)
        assert "Plan a shift" in vera.reads(f"/shifts?week={week}")


def test_in_spanish_too(vera: Browser, people: People) -> None:
    with writing() as session:
        session.get_one(Person, people.vera.id).language = "es"
    assert "Apartar un turno" in vera.reads("/shifts")
