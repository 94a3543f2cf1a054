"""What does the queue show, to whom, how soon, and does it ever miss or repeat a row?"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from sqlalchemy import event

from bot.clock import now
from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation import claims, emergencies
from bot.outbox import freezing
from bot.people import shifts
from bot.people.models import Person
from bot.reports.models import ReportKind
from bot.store import changed
from bot.store.engine import engine
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.desk import Browser
from tests.services.settings import Environment

CODE = re.compile(r'id="row-(\w+)"')
MARK = re.compile(r'id="queue"[^>]*If-None-Match": "\\"(\w+)\\"')
TABLE = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.IGNORECASE)
UNCOUNTED = {
    "change": "the counter itself",
    "contact": "of a person only whether a text reaches them: looked at again with the ages",
    "inbound_text": "what else somebody in need writes is added to their report in the same transaction",
    "deployment": "never changes",
    "pause": "the banner of senders has a mark of its own",
    "trouble": "the banner of senders has a mark of its own",
    "delivery": "counted by the pages that show copies, under marks of their own",
}
"""Tables that the desk reads and that do not move its counter, each with the reason."""


def shown(page: str) -> list[str]:
    return CODE.findall(page)


def mark(page: str) -> str:
    found = MARK.search(page)
    assert found
    return f'"{found[1]}"'


def spots(count: int, neighborhood: str = "bell") -> list[str]:
    """So many open incidents; their codes."""
    with writing() as session:
        opened = [
            opening.open_at(session, opening.Spot(f"corner {n} {neighborhood}", f"Corner {n}", (neighborhood,)))
            for n in range(count)
        ]
        return [one.code for one in opened]


@contextmanager
def statements() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield said
    event.remove(engine(), "before_cursor_execute", note)


def test_it_comes_a_screen_at_a_time_and_every_row_once(vera: Browser, people: People) -> None:
    codes = spots(45)
    first, second, third = (vera.reads(f"/?page={n}") for n in (1, 2, 3))
    assert [len(shown(page)) for page in (first, second, third)] == [20, 20, 5]
    assert sorted(shown(first) + shown(second) + shown(third)) == sorted(codes)
    assert "1 to 20 of 45" in first and 'rel="next"' in first and 'rel="prev"' not in first
    assert "41 to 45 of 45" in third and 'rel="next"' not in third


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1e3", ""])
def test_a_page_that_there_is_none_of_is_the_first(vera: Browser, people: People, page: str) -> None:
    spots(1)
    assert len(shown(vera.reads(f"/?page={page}"))) == 1


def test_filters_stand_in_the_address(vera: Browser, luz: Browser, corner: Corner) -> None:
    bell = spots(2, "bell")
    with writing() as session:
        asked = session.query(Incident).filter_by(code=bell[0]).one()
        asked.asked_only, asked.sensitive = True, True
    known = corner.incident.code
    for address, codes in {
        "/": {known, *bell},
        "/?area=hp": {known},
        "/?area=bell": set(bell),
        "/?state=unconfirmed": set(bell),
        "/?state=confirmed": {known},
        "/?kind=asked": {bell[0]},
        "/?kind=told": {known, bell[1]},
        "/?kind=sensitive": {bell[0]},
        "/?kind=called": set(),
        "/?area=bell&state=confirmed": set(),
        "/?area=nowhere&state=ended&kind=zzz": {known, *bell},
    }.items():
        assert set(shown(vera.reads(address))) == codes, address
    assert '<option value="bell" selected>' in vera.reads("/?area=bell")
    assert 'hx-get="/queue/rows?area=bell"' in vera.reads("/?area=bell"), "what lives asks for the same"
    assert "Nothing of this kind waits" in vera.reads("/?kind=called")


def test_mine_is_what_i_go_to_or_was_asked_to_see(vera: Browser, dora: Browser, people: People) -> None:
    code, other = spots(2)
    with writing() as session:
        incident = session.query(Incident).filter_by(code=code).one()
        claims.claim(session, incident, session.get_one(Person, people.dora.id))
    assert shown(dora.reads("/?mine=1")) == [code]
    assert shown(vera.reads("/?mine=1")) == []
    assert set(shown(vera.reads("/"))) == {code, other}


def test_who_is_on_it_is_said_and_nobody_else_is_offered_it(vera: Browser, dora: Browser, people: People) -> None:
    (code,) = spots(1)
    assert f'id="go-{code}"' in vera.reads("/")
    with writing() as session:
        incident = session.query(Incident).filter_by(code=code).one()
    dora.does(f"/incidents/{incident.id}/claim")
    page = vera.reads("/")
    assert "Dora is on it (lease: 4 min)" in page and f'id="go-{code}"' not in page


def test_a_row_is_the_same_for_all_who_ask_and_holds_nobodys_token(
    vera: Browser, dora: Browser, people: People
) -> None:
    spots(3)
    rows = [re.search(r'<ol class="queue".*?</ol>', browser.reads("/"), re.DOTALL) for browser in (vera, dora)]
    assert rows[0] and rows[1] and rows[0][0] == rows[1][0]
    assert "csrf" not in rows[0][0]


def test_each_in_their_language_though_it_is_made_once(vera: Browser, dora: Browser, people: People) -> None:
    spots(1)
    with writing() as session:
        session.get_one(Person, people.dora.id).language = "es"
    assert "last report:" in vera.reads("/") and "último reporte:" in dora.reads("/")


def test_whoever_asks_again_hears_of_a_change_only(vera: Browser, people: People) -> None:
    with time_machine.travel(now(), tick=False):
        seen = mark(vera.reads("/"))
        assert vera.opens("/queue/rows", **{"If-None-Match": seen}).status_code == 304
        (code,) = spots(1)
        changed_ = vera.opens("/queue/rows", **{"If-None-Match": seen})
        assert changed_.status_code == 200 and shown(changed_.text) == [code]
        assert vera.opens("/queue/rows", **{"If-None-Match": mark(changed_.text)}).status_code == 304


def test_every_act_on_the_desk_is_seen_at_the_next_look(vera: Browser, corner: Corner, people: People) -> None:
    """Claims, shifts, sign-ins, a freeze, a cry that is taken: each by whoever does it."""

    def claim() -> None:
        (code,) = spots(1)
        with writing() as session:
            incident = session.query(Incident).filter_by(code=code).one()
            claims.claim(session, incident, session.get_one(Person, people.dora.id))

    def go_on() -> None:
        with writing() as session:
            shifts.on(session, session.get_one(Person, people.luz.id))

    def go_off() -> None:
        with writing() as session:
            shifts.off(session, session.get_one(Person, people.luz.id))

    def freeze() -> None:
        with writing() as session:
            freezing.freeze(session, session.get_one(Person, people.luz.id))

    def take() -> None:
        with writing() as session:
            emergencies.take(session, session.merge(corner.emergency), session.get_one(Person, people.dora.id))

    def cry_again() -> None:
        with writing() as session:
            reported(session, NUMBERS[3], "auxilio estan rompiendo la puerta", kind=ReportKind.EMERGENCY)

    with time_machine.travel(now(), tick=False):
        for act in (claim, go_on, go_off, freeze, take, cry_again):
            seen = mark(vera.reads("/"))
            act()
            assert vera.opens("/queue/rows", **{"If-None-Match": seen}).status_code == 200, act.__name__


@pytest.mark.parametrize("path", ["/", "/queue/rows", "/incidents/{incident}", "/incidents/{incident}/known"])
def test_whatever_the_desk_reads_moves_its_counter(ana: Browser, corner: Corner, path: str) -> None:
    """Or a change of it would be shown by chance only. A new table that a page reads has to be counted, or named above."""
    ana.sends(f"/emergencies/{corner.emergency.id}/take")
    with statements() as said:
        ana.reads(path.format(incident=corner.incident.id))
    read = {table for statement in said for table in TABLE.findall(statement)}
    aliases = {name for statement in said for name in re.findall(r"\)\s+AS\s+\"?(\w+)\"?", statement)}
    uncounted = {table for table in read - aliases if table not in changed.SHOWN and not table.startswith("anon")}
    assert uncounted - set(UNCOUNTED) == set()


def test_the_mark_is_read_before_what_the_page_shows(vera: Browser, corner: Corner) -> None:
    """Read after it, a commit in between would be in the mark and not on the page: shown to nobody."""
    for path in ("/", "/queue/rows", f"/incidents/{corner.incident.id}/known"):
        with statements() as said:
            vera.reads(path)
        read = [statement for statement in said if re.search(r"FROM (change|incident|emergency|claim)\b", statement)]
        marks = [n for n, statement in enumerate(read) if "FROM change" in statement]
        assert len(marks) == 1, path
        before = [statement for statement in read[: marks[0]] if "WHERE incident.id =" not in statement]
        assert before == [], path


def test_nothing_is_lost_and_nothing_comes_twice_while_many_write(vera: Browser, people: People) -> None:
    """One console looks as fast as it can, as its page does; two people open and close incidents meanwhile."""
    console = Console(vera)
    writers = [threading.Thread(target=come_and_go, args=(area,)) for area in ("bell", "maywood")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        console.looks()
    console.looks()
    with writing() as session:
        open_now = {row.code for row in session.query(Incident).filter_by(state=IncidentState.UNCONFIRMED)}
    assert set(console.rows) == open_now and len(open_now) == 16
    assert console.looked > 1


class Console:
    """What the script of the page does, without a browser: it asks with the mark of what it shows."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self.rows, self.looked = browser, [""], 0
        self._mark = mark(browser.reads("/"))

    def looks(self) -> None:
        answer = self._browser.opens("/queue/rows", **{"If-None-Match": self._mark})
        self.looked += 1
        if answer.status_code == 304:
            return
        self._mark, self.rows = mark(answer.text), shown(answer.text)
        assert len(self.rows) == len(set(self.rows))


def come_and_go(neighborhood: str) -> None:
    """Twelve incidents; every third is closed again."""
    for n in range(12):
        (code,) = spots(1, neighborhood)
        if n % 3 == 0:
            with writing() as session:
                incident = session.query(Incident).filter_by(code=code).one()
                incident.becomes(session, IncidentState.UNVERIFIABLE)


def test_a_cry_for_help_stands_above_with_a_clock_to_the_second(vera: Browser, corner: Corner) -> None:
    with time_machine.travel(corner.emergency.opened_at, tick=False) as traveller:
        for seconds, clock in ((0, "0:00"), (59, "0:59"), (64, "1:04"), (1500, "25:00")):
            traveller.move_to(corner.emergency.opened_at.timestamp() + seconds + 0.5)
            page = vera.reads("/?kind=told")
            found = re.search(r'<time class="clock"[^>]*data-seconds="(\d+)">([\d:]+)</time>', page)
            assert found and (int(found[1]), found[2]) == (seconds, clock)
            assert page.index('class="emergency"') < page.index('class="queue"')


def test_without_javascript_the_page_comes_again_by_itself(vera: Browser, corner: Corner) -> None:
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in vera.reads("/")


def test_a_surge_is_said_with_what_it_looks_like(vera: Browser, people: People, env: Environment) -> None:
    env.set(surge_reports=20)
    with writing() as session:
        for n in range(28):
            reported(
                session,
                f"+1323555{130 + n:04d}",
                f"ice at pacific and florence right now, agents number {n}",
                language="en",
            )
    page = vera.reads("/")
    assert "More is told than usual: 28 reports" in page
    assert "Nearly all numbers are new to us." in page and "Nobody is blocked" in page


def test_who_can_release_now_is_said_or_that_nobody_can(vera: Browser, luz: Browser, people: People) -> None:
    with writing() as session:
        shifts.on(session, session.get_one(Person, people.luz.id))
    assert re.search(r"Can release now:</b> [^<]*Luz", vera.reads("/"))
