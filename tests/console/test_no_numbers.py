"""No page, for any role, holds a person's number: planted ones are looked for on everything the console can show."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from bot.outbox import freezing
from bot.people.models import Person, Role
from bot.store.session import writing
from tests.console.conftest import NUMBERS, Corner, People, reported
from tests.console.desk import Browser, browser_of, stranger
from tests.console.test_doors import OPEN, _values, routes
from tests.console.test_notice_pages import written

LIKE_A_NUMBER = re.compile(r"(?:\+?1[-. (]{0,2})?\d{3}[-. )]{0,2}555[-. ]?01\d\d")


def _forms(number: str) -> set[str]:
    """How a number may be spelled."""
    area, first, last = number[2:5], number[5:8], number[8:]
    return {
        number,
        number[1:],
        number[2:],
        f"{area}-{first}-{last}",
        f"({area}) {first}-{last}",
        f"{first}-{last}",
        f"{first}{last}",
    }


@pytest.fixture
def busy(app: Flask, people: People, corner: Corner, luz: Browser, ana: Browser, dora: Browser) -> dict[str, object]:
    """Everything a page can show is there: a released alert, a notice, a taken cry for help, what waits for a second person."""
    luz.does(f"{written(luz)}/submit")
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    dora.does(f"/emergencies/{corner.emergency.id}/take")
    luz.sends(f"/people/{people.vera.id}/recovery")
    luz.sends(f"/people/{people.vera.id}/role", role="dispatcher")
    link = re.search(r"/invitation/([^\"]+)", luz.sends("/people/invitations", role="verifier").text)
    assert link
    with writing() as session:
        freezing.freeze(session, session.get_one(Person, people.vera.id))
        for number, words in (
            (NUMBERS[3], f"ice at pacific and gage now, call {NUMBERS[4]}"),
            (NUMBERS[5], "DETAINED"),
        ):
            reported(session, number, words, language="en")
    return {"person_id": people.vera.id, "token": link[1], "freeze_id": 1}


def looked_at(app: Flask, there: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(endpoint, path) of everything that can be looked at, naming what is there."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            named = {name: value for name, value in there.items() if name in rule.arguments}
            yield rule.endpoint, adapter.build(rule.endpoint, {**_values(rule), **named}, "GET")


@pytest.mark.threat("T04")
@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "signed out")
def test_no_page_holds_a_number(app: Flask, people: People, busy: dict[str, object], role: Role | None) -> None:
    browser = browser_of(app, people.of(role)) if role else stranger(app)
    planted = set().union(*(_forms(number) for number in NUMBERS))
    read = set()
    for endpoint, path in looked_at(app, busy):
        answer = browser.opens(path)
        read |= {endpoint} if answer.status_code == 200 else set()
        assert not [number for number in planted if number in answer.text], path
        assert not any(number in str(answer.headers) for number in planted), path
        assert not LIKE_A_NUMBER.search(answer.text), path
    assert read >= (
        {"queue.show", "incident.show", "alert.show", "people.show", "me.show"} if role else {"sign_in.ask"}
    )


@pytest.mark.threat("T04")
def test_no_answer_to_a_form_does_either(app: Flask, people: People, busy: dict[str, object], ana: Browser) -> None:
    """Also not one that shows again what was typed wrong."""
    for endpoint, method, path in routes(app):
        if method == "POST" and endpoint not in OPEN and endpoint not in ("sign_in.leave", "me.end_others"):
            answer = ana.sends(path, role="verifier", number="+13235550117", name="x")
            assert not LIKE_A_NUMBER.search(answer.text), endpoint


def test_a_number_that_a_resident_wrote_is_struck_out(vera: Browser, people: People) -> None:
    """What people write is redacted before it is kept."""
    with writing() as session:
        report = reported(
            session,
            NUMBERS[7],
            f"la migra en pacific y slauson ahorita, llamen al {NUMBERS[8]} o 323-555-0109",
        )
    assert not LIKE_A_NUMBER.search(vera.reads(f"/incidents/{report.incident_id}"))
