"""How many questions does a page ask the database? As many with a town's people and incidents as with a village's: no more."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from bot.alerts import desk
from bot.clock import ago
from bot.incidents import opening
from bot.moderation import claims, emergencies
from bot.moderation.models import Saw
from bot.people.models import Person, PersonArea, Role, Shift
from bot.reports.models import ReportKind
from bot.store.engine import engine
from bot.store.session import writing
from tests.console.conftest import Corner, People, reported, subscribe
from tests.console.desk import Browser, browser_of
from tests.console.test_doors import OPEN, routes

BY_ONE = 2
"""A page may ask a little more where there is something to show at all (a photo, a second page)."""


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield said
    event.remove(engine(), "before_cursor_execute", note)


def questions(app: Flask, browser: Browser) -> dict[str, int]:
    """Of each page that answers with a page."""
    found = {}
    for endpoint, method, path in routes(app):
        if method == "GET" and endpoint not in OPEN:
            browser.opens(path)  # what is remembered for a while is remembered now
            with counted() as said:
                status = browser.opens(path).status_code
            if status == 200:
                found[endpoint] = len(said)
    return found


def grow(people: People, which: range) -> None:
    """So many more incidents with what belongs to them, cries, people, shifts and subscribers."""
    with writing() as session:
        vera = session.get_one(Person, people.vera.id)
        for n in which:
            incident = opening.open_at(session, opening.Spot(f"corner {n}", f"Corner {n}", ("hp", "bell")))
            subscribe(session, f"+1213555{1000 + n}", "hp")
            person = Person(
                name=f"Person {'abcdefghijklmnopqrstuvwxyz'[n % 26]}{'abcdefghij'[n // 26]}", role=Role.ORGANIZER,
                line_id=vera.line_id, language="es", created_at=ago(days=1),
            )  # fmt: skip
            session.add(person)
            session.flush()
            session.add(PersonArea(person_id=person.id, neighborhood="hp"))
            session.add(Shift(person_id=person.id, starts_at=ago(hours=1), ends_at=ago(hours=-3)))
            if n % 3 == 0:
                claims.claim(session, incident, person)
            if n % 5 == 0:
                cry = reported(session, f"+1213555{1500 + n}", "auxilio tocan la puerta", kind=ReportKind.EMERGENCY)
                emergencies.open(session, cry)


def grow_the_first(people: People, corner: Corner, which: range) -> None:
    """More reports and looks of the incident whose pages are asked for."""
    with writing() as session:
        incident = session.merge(corner.incident)
        for n in which:
            said = f"ice at pacific and florence right now, {n} agents with vests"
            reported(session, f"+1310555{1000 + n}", said, language="en")
        desk.found(session, incident, session.get_one(Person, people.dora.id), Saw.IMMIGRATION, "9", uniform="ICE")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VERIFIER])
def test_no_page_asks_more_because_there_is_more(app: Flask, people: People, corner: Corner, role: Role) -> None:
    browser = browser_of(app, people.of(role))
    grow(people, range(6))
    grow_the_first(people, corner, range(3))
    few = questions(app, browser)
    grow(people, range(6, 90))
    grow_the_first(people, corner, range(3, 30))
    many = questions(app, browser)
    grown = {
        endpoint: (few.get(endpoint), asked)
        for endpoint, asked in many.items()
        if asked > few.get(endpoint, 0) + BY_ONE
    }
    assert grown == {}
    assert {"queue.show", "queue.rows", "incident.show", "people.show", "health.show", "alert.show"} <= set(many)
