"""What became of an alert: how far it is, how long it took, what waits and why, and what can follow, for everybody to see."""

import datetime as dt
import re

import pytest
from sqlalchemy import event, select, update

from bot.alerts.models import Alert
from bot.clock import now
from bot.console import reach
from bot.contacts.models import Channel
from bot.incidents.models import Incident
from bot.outbox import counting, freezing, planning
from bot.outbox.carrier_models import Pause
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, Release
from bot.outbox.progress import Step
from bot.outbox.tallies import TallySlice
from bot.people.models import Person
from bot.store.engine import engine
from bot.store.session import reading, writing
from tests.console.conftest import Corner, People
from tests.console.desk import Browser
from tests.services.settings import Environment


def _page(corner: Corner) -> str:
    return f"/alerts/{corner.alert.id}"


@pytest.fixture
def out(luz: Browser, corner: Corner) -> Corner:
    """Released 4 minutes after the first report, and planned: ten copies wait."""
    with writing() as session:
        incident = session.get_one(Incident, corner.incident.id)
        incident.opened_at = now() - dt.timedelta(minutes=4)
    luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    planning.plan(corner.alert.broadcast_id)
    return corner


def _copies(corner: Corner, states: dict[State, int], failure: str | None = None) -> None:
    """So many of the ten are in each state; those that arrived did so 1, 2, 3 ... seconds after the release."""
    wanted = [state for state, number in states.items() for _ in range(number)]
    with writing() as session:
        began = session.get_one(Release, corner.alert.broadcast_id).released_at
        copies = session.scalars(select(Delivery).where(Delivery.broadcast_id == corner.alert.broadcast_id))
        for place, (copy, state) in enumerate(zip(copies, wanted, strict=False), start=1):
            copy.state, copy.handed_at = state, began
            copy.failure = failure if state in (State.FAILED, State.WAITING) else None
            copy.final_at = began + dt.timedelta(seconds=place) if state is State.DELIVERED else None
        session.execute(update(TallySlice).values(look_at=now()))
    counting.count()


def _count(page: str, word: str) -> int:
    found = re.search(rf'data-count="{word}">(\d+)<', page)
    assert found
    return int(found[1])


def test_the_states_stand_as_the_clock_counted_them(vera: Browser, out: Corner) -> None:
    _copies(out, {State.DELIVERED: 6, State.SENT: 2, State.FAILED: 1, State.UNKNOWN: 1}, "landline")
    page = vera.reads(_page(out))
    assert "6 of 10 delivered" in page
    assert [_count(page, word) for word in ("delivered", "sent", "failed", "unknown", "waiting")] == [6, 2, 1, 1, 0]
    assert "A landline" in page and "never sent twice" in page


def test_the_clock_runs_from_the_first_report(vera: Browser, out: Corner) -> None:
    _copies(out, {State.DELIVERED: 10})
    page = vera.reads(_page(out))
    assert re.search(r"Released 4 min( \d+ s)? after the first report", page)
    assert re.search(r"Half had it \d+ s after the release, 95% after (9|10|11) s", page)
    assert re.search(r"From the first report on: 4 min \d+ s and 4 min \d+ s", page)


def test_each_language_and_channel_has_its_own_times(vera: Browser, out: Corner) -> None:
    with writing() as session:
        theirs = select(Delivery).where(Delivery.broadcast_id == out.alert.broadcast_id)
        first = session.scalars(theirs).first()
        assert first is not None
        first.language, first.channel = "en", Channel.WHATSAPP
    _copies(out, {State.DELIVERED: 9, State.SENT: 1})
    page = vera.reads(_page(out))
    rows = dict(re.findall(r'data-part="(\w+ \w+)">(.*?)</tr>', page))
    assert set(rows) == {"es sms", "en whatsapp"}
    assert re.findall(r"<td>(\d+)</td>", rows["es sms"]) == ["9", "8", "0"]


def test_the_curve_is_a_table_for_whoever_has_no_script(vera: Browser, out: Corner) -> None:
    _copies(out, {State.DELIVERED: 10})
    rows = re.findall(r'data-seconds="(\d+)" data-left="(\d+)" data-arrived="(\d+)"', vera.reads(_page(out)))
    assert rows[-1][1:] == ("10", "10")
    assert [int(row[2]) for row in rows] == sorted(int(row[2]) for row in rows)


def test_a_long_curve_is_told_in_few_rows_and_keeps_its_end() -> None:
    curve = tuple(Step(second, second, second // 2) for second in range(1000))
    few = reach.thinned(curve)
    assert len(few) <= reach.STEPS + 1
    assert few[-1] == curve[-1]
    assert reach.thinned(curve[:3]) == list(curve[:3])
    assert reach.thinned(()) == []


def test_what_waits_says_why(vera: Browser, out: Corner, people: People, env: Environment) -> None:
    _copies(out, {State.WAITING: 3, State.DELIVERED: 7}, "phone_off")
    assert "The phone was off or out of reach; tried again" in vera.reads(_page(out))
    _copies(out, {State.WAITING: 3, State.DELIVERED: 7})
    assert "wait for their turn" in vera.reads(_page(out))
    with writing() as session:
        session.add(Pause(channel=Channel.SMS, why="no_answer", began_at=now(), until=now()))
    assert "SMS stands still" in vera.reads(_page(out))
    with writing() as session:
        freezing.freeze(session, session.get_one(Person, people.vera.id))
    assert "Two people must thaw it" in vera.reads(_page(out))


def test_what_was_halted_waits_for_nothing(vera: Browser, dora: Browser, out: Corner) -> None:
    dora.does(f"/incidents/{out.incident.id}/doubt")
    counting.count()
    page = vera.reads(_page(out))
    assert "Copies that had not left do not leave" in page and "wait for their turn" not in page
    assert "Stopped by a person here" in page


def test_what_can_follow_is_offered_where_it_may_be_done(dora: Browser, vera: Browser, out: Corner) -> None:
    for what in ("Propose an update", "no longer seen", "we doubt it", "Propose a correction", "to print"):
        assert what in dora.reads(_page(out))
    assert "Propose a correction" not in vera.reads(_page(out))
    page = dora.does(f"/incidents/{out.incident.id}/propose", kind="update")
    assert "Update: read, then release" in page


def test_before_the_first_count_nothing_is_made_up(vera: Browser, out: Corner) -> None:
    page = vera.reads(_page(out))
    assert "0 of 0 delivered" in page and "The first count comes in a moment" in page


def test_to_look_at_it_reads_no_copy(vera: Browser, out: Corner) -> None:
    _copies(out, {State.DELIVERED: 10})
    asked: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    vera.reads(f"{_page(out)}/progress")
    vera.reads(_page(out))
    assert asked
    of_copies = [sql for sql in asked if "FROM delivery" in sql and "state = 'waiting'" not in sql]
    assert of_copies == [] and not [sql for sql in asked if "subscription" in sql]


def test_what_became_of_it_is_asked_anew_only_when_it_moved(vera: Browser, out: Corner) -> None:
    _copies(out, {State.DELIVERED: 5, State.SENT: 5})
    first = vera.opens(f"{_page(out)}/progress")
    mark = first.text.split('{"If-None-Match": "')[1].split('"}')[0].replace('\\"', '"')
    counting.count()
    assert vera.opens(f"{_page(out)}/progress", **{"If-None-Match": mark}).status_code == 304


def test_an_over_is_counted_from_its_own_release(vera: Browser, out: Corner) -> None:
    """Nobody reported that it is over: its clock has no first report."""
    with reading() as session:
        broadcast = session.get_one(Broadcast, out.alert.broadcast_id)
        assert reach.of(session, broadcast)["until_release"] is None
        assert reach.of(session, broadcast, session.get_one(Alert, out.alert.id).created_at)["until_release"] >= 0
