"""The history says how many people alerts reached, by neighborhood and month, and nobody can work out a small number from it."""

import datetime as dt
import re

import pytest
from sqlalchemy import event, select, update

from bot.clock import local, now
from bot.console import reached
from bot.console.reached import Sum
from bot.outbox import counting, planning, slices
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Release
from bot.outbox.reach_by_area import Reach
from bot.outbox.tallies import Tally
from bot.store.engine import engine
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, subscribe
from tests.console.desk import Browser
from tests.services.settings import Environment

NOVEMBER, DECEMBER = dt.datetime(2026, 11, 20, 20, tzinfo=dt.UTC), dt.datetime(2026, 12, 5, 20, tzinfo=dt.UTC)


def _goes_out(luz: Browser, corner: Corner, **more: int) -> None:
    """Let out to the ten of the corner and so many more, and delivered to all of them."""
    with writing() as session:
        numbers = (f"+1424555{101 + n:04d}" for n in range(99))
        for area, people in more.items():
            for _ in range(people):
                subscribe(session, next(numbers), area)
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    planning.plan(corner.alert.broadcast_id)
    with writing() as session:
        theirs = Delivery.broadcast_id == corner.alert.broadcast_id
        session.execute(update(Delivery).where(theirs).values(state=State.DELIVERED, handed_at=now(), final_at=now()))
    counting.count()


def _cells(page: str, area: str) -> list[str]:
    row = page.split(f'data-reached="{area}"')[1].split("</tr>")[0]
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]


def test_how_many_an_alert_reached_stands_in_its_month_and_in_the_whole(
    vera: Browser, luz: Browser, corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SIZE", 7)  # as a hundred thousand are to some thousand
    monkeypatch.setattr(counting, "BUDGET_SECONDS", 60.0)
    _goes_out(luz, corner, hp=30, walnut_park=12, bell=15)
    page = vera.reads("/map/history")
    assert _cells(page, "hp")[-2:] == ["40", "40"]
    assert _cells(page, "walnut_park")[-2:] == ["12", "12"]
    assert set(_cells(page, "bell")) == {"0"}, "nobody there was told"
    assert set(_cells(page, "hp")[:-2]) == {"0"}, "not in the months before"


def test_a_small_number_is_withheld_and_the_one_that_its_total_would_give_it_by(
    vera: Browser, luz: Browser, corner: Corner
) -> None:
    """Forty-three in all stands on the page of what came of it: forty here would say three there."""
    _goes_out(luz, corner, hp=30, walnut_park=3)
    page = vera.reads("/map/history")
    assert _cells(page, "hp")[-2:] == _cells(page, "walnut_park")[-2:] == ["few", "few"]
    assert "43" not in "".join(_cells(page, "hp") + _cells(page, "walnut_park"))


def test_whoever_hears_of_two_neighborhoods_counts_in_both(vera: Browser, luz: Browser, corner: Corner) -> None:
    with writing() as session:
        for number in NUMBERS[10:20]:
            subscribe(session, number, "walnut_park")
    _goes_out(luz, corner)
    page = vera.reads("/map/history")
    assert (_cells(page, "hp")[-1], _cells(page, "walnut_park")[-1]) == ("10", "10")


def test_only_what_arrived_was_reached(vera: Browser, luz: Browser, corner: Corner) -> None:
    _goes_out(luz, corner, hp=30, walnut_park=20)
    with writing() as session:
        copies = session.scalars(select(Delivery).where(Delivery.broadcast_id == corner.alert.broadcast_id)).all()
        lost = sorted(copies, key=lambda copy: copy.contact_id or 0)[:5]  # the corner's own ten came first: of hp
        for copy in lost:
            copy.state, copy.failure = State.FAILED, "phone_off"
    counting.count_one(corner.alert.broadcast_id)
    assert _cells(vera.reads("/map/history"), "hp")[-1] == "35"
    assert _cells(vera.reads("/map/history"), "walnut_park")[-1] == "20"


def test_a_month_is_whole_however_many_days_are_asked_for(vera: Browser, luz: Browser, corner: Corner) -> None:
    """Part of it beside all of it would say what the rest was."""
    _goes_out(luz, corner, hp=30, walnut_park=12)
    first = local(now() - dt.timedelta(days=30)).replace(day=1, hour=0, minute=30)
    with writing() as session:
        session.execute(update(Release).values(released_at=first.astimezone(dt.UTC)))
    assert _cells(vera.reads("/map/history?days=30"), "hp")[0] == "40"
    assert "40" in _cells(vera.reads("/map/history?days=365"), "hp")[:-1]
    with writing() as session:
        session.execute(update(Release).values(released_at=(first - dt.timedelta(hours=1)).astimezone(dt.UTC)))
    assert set(_cells(vera.reads("/map/history?days=30"), "hp")) == {"0"}


@pytest.mark.parametrize(
    ("alerts", "says"),
    [
        ([{"hp": 40}, {"hp": 12}], Sum(52)),
        ([{"hp": 40}, {"hp": 3}], Sum(40, more=True)),  # yesterday's 40 beside today's 43 would say it
        ([{"hp": 9}, {"hp": 9}], Sum(0, more=True)),
        ([{"hp": 40, "bell": 4}], Sum(0, more=True)),
        ([{"hp": 40, "bell": 0}], Sum(40)),
        ([{"hp": 0}], Sum(0)),
        ([{"bell": 40}], Sum(0)),
    ],
)
def test_a_sum_is_made_of_what_may_be_said_alone(alerts: list[dict[str, int]], says: Sum, env: Environment) -> None:
    sums = reached.sums_of([Reach(NOVEMBER, people) for people in alerts])
    assert sums.get(("hp", (2026, 11)), Sum()) == says


def test_months_are_those_of_the_clocks_here(env: Environment) -> None:
    late = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)  # nine in the evening of November 30 in Los Angeles
    assert set(reached.sums_of([Reach(late, {"hp": 20}), Reach(DECEMBER, {"hp": 20})])) == {
        ("hp", (2026, 11)), ("hp", (2026, 12)),
    }  # fmt: skip
    assert reached.months_between(dt.date(2026, 11, 30), dt.date(2027, 1, 1)) == (
        dt.date(2026, 11, 1), dt.date(2026, 12, 1), dt.date(2027, 1, 1),
    )  # fmt: skip


def test_a_withheld_part_is_said_in_the_readers_language(
    luz: Browser, vera: Browser, corner: Corner, people: People
) -> None:
    _goes_out(luz, corner, hp=30, walnut_park=12)
    assert "People reached by alerts, by month" in vera.reads("/map/history")
    with writing() as session:
        session.merge(people.vera).language = "es"
    page = vera.reads("/map/history")
    assert "Personas a las que llegaron las alertas, por mes" in page and "Todos estos meses" in page


def test_neither_copies_nor_people_are_read_for_it(vera: Browser, luz: Browser, corner: Corner) -> None:
    _goes_out(luz, corner, hp=30, walnut_park=12)
    vera.reads("/map/history")
    asked: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    vera.reads("/map/history?days=365")
    event.remove(engine(), "before_cursor_execute", hear)
    assert not [sql for sql in asked if re.search("subscription|FROM contact|delivery", sql)]
    assert len([sql for sql in asked if Tally.__tablename__ in sql]) == 1


def test_an_alert_counted_before_neighborhoods_were_is_no_error(vera: Browser, luz: Browser, corner: Corner) -> None:
    _goes_out(luz, corner, hp=30, walnut_park=12)
    with writing() as session:
        for tally in session.scalars(select(Tally)):
            tally.counts = {name: part for name, part in tally.counts.items() if name != "areas"}
    assert set(_cells(vera.reads("/map/history"), "hp")) == {"0"}
