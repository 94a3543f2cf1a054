"""What does every form ask of whoever sends it? Made from the routes: a new one must say in the table whether it needs a proof.

Who may open what, by role, stands in `test_doors.py`; what no page shows in `test_no_numbers.py`.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from bot.clock import ago
from bot.people import sign_in
from bot.people.models import Person, PersonArea, Role, SignedIn
from bot.privacy.audit import AuditEntry
from bot.store.changed import count
from bot.store.session import reading, writing
from messages import catalog
from tests.console.conftest import Corner, People
from tests.console.desk import Browser, browser_of
from tests.console.test_doors import IDS, MAY, NOT_THERE, OPEN, _values, routes

PROVED = {
    "night.review", "trials.end",
    "alert.let_out", "freezing.thaw", "keys.add", "keys.prove", "keys.remove", "night.let_out", "notice.approve",
    "people.invite", "people.revoke", "people.vouch", "person.agree_recovery", "person.agree_role", "person.ask_recovery",
    "person.ask_role", "phone.ask", "phone.forget", "phone.prove",
}  # fmt: skip
"""A second factor younger than `STEP_UP_MINUTES`: what lets something out, lets somebody in, or changes how one comes in."""

UNPROVED = {
    # stopping, and what one alone may do at once
    "freezing.freeze", "incident.doubt", "people.take_back", "person.take_back_recovery", "person.take_back_role",
    "notice.cancel", "notice.send_back", "sign_in.leave", "me.end", "me.end_others",
    # seconds count, and nothing leaves by it alone
    "silent.reached", "queue.take", "queue.close", "queue.hand_on", "queue.say",
    "queue.ask_leave", "incident.claim", "incident.give_up", "incident.finding",
    "incident.propose", "incident.correct", "alert.look_again", "alert.call", "sending.try_now", "sending.see",
    "dispatching.merge", "dispatching.undo", "dispatching.debunk", "dispatching.cannot_tell", "parting.split",
    "dispatching.ask_verifiers",
    "relay.ask", "calls.write_down", "unplaced.place", "after_action.learn",
    # a second person has to agree, with a proof
    "notices.keep", "notices.measure", "notice.edit", "notice.submit",
    # practice, and one's own things
    "simulacro.start", "simulacro.let_out", "simulacro.end", "texts.sample",
    "me.speak", "me.shift", "me.areas", "calendar.plan", "calendar.cancel", "calendar.switch", "keys.ask", "keys.ask_new",
}  # fmt: skip
"""The others, each for a reason."""

Sends = Callable[[Browser, str], TestResponse]


def forms(app: Flask) -> Iterator[tuple[str, str]]:
    """(endpoint, path) of everything that is sent by somebody who is signed in."""
    return ((endpoint, path) for endpoint, method, path in routes(app) if method == "POST" and endpoint not in OPEN)


def test_every_form_is_in_the_table_of_proofs(app: Flask) -> None:
    assert {endpoint for endpoint, _ in forms(app)} == PROVED | UNPROVED
    assert not PROVED & UNPROVED


def test_a_form_asks_for_a_fresh_proof_where_the_table_says_so(app: Flask, people: People, corner: Corner) -> None:
    for endpoint, path in forms(app):
        person = people.ana if Role.COORDINATOR in MAY[endpoint] else people.vera
        browser = _proved_long_ago(app, person)
        before = _acts()
        answer = browser.sends(path)
        assert (_said(browser) == catalog.text("console.step_up.wrong", "en")) is (endpoint in PROVED), endpoint
        if endpoint in PROVED:
            assert answer.status_code == 303, endpoint
            assert _acts() - before <= 1, f"{endpoint}: more than the refusal was kept"


def test_a_form_without_its_token_or_from_elsewhere_does_nothing(app: Flask, people: People, corner: Corner) -> None:
    """Neither our token, nor the browser's word that it was sent from here."""
    browser = browser_of(app, people.ana)
    token = browser.token()
    before = _everything()
    for endpoint, path in forms(app):
        for wrong in (_without_token, _with_anothers_token, _from_elsewhere(token), _of_another_origin(token)):
            assert wrong(browser, path).status_code in (400, 403), f"{endpoint}: {wrong}"
    assert _everything() == before


def test_a_form_is_not_a_link(app: Flask, people: People, corner: Corner) -> None:
    """Asked for by GET it does nothing: there is no such page, or one that only looks."""
    looking = {path for _, method, path in routes(app) if method == "GET"}
    browser = browser_of(app, people.ana)
    before = _everything()
    for endpoint, path in forms(app):
        status = browser.opens(path).status_code
        assert status == 405 or path in looking, f"{endpoint}: {status}"
        for method in ("put", "delete", "patch"):
            asked = getattr(browser.client, method)(path, data={"csrf_token": browser.token()})
            assert asked.status_code in (400, 403, 405), f"{endpoint} {method}"
    assert _everything() == before


def test_whose_access_was_ended_opens_and_sends_nothing(app: Flask, people: People, corner: Corner) -> None:
    browser = browser_of(app, people.ana)
    token = browser.token()
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, people.ana.id))
    before = _everything()
    for endpoint, method, path in routes(app):
        if endpoint in OPEN:
            continue
        answer = browser.opens(path) if method == "GET" else browser.sends(path, token=token)
        assert (answer.status_code, answer.location) == (303, "/sign-in"), f"{method} {endpoint}"
        if method == "GET":
            part = browser.opens(path, **{"HX-Request": "true"})
            assert (part.status_code, part.headers["HX-Redirect"], part.text) == (401, "/sign-in", ""), endpoint
    assert _everything() == before


@pytest.mark.parametrize("role", list(Role))
def test_neighborhoods_say_who_is_asked_not_who_may_see(app: Flask, people: People, corner: Corner, role: Role) -> None:
    """Whoever declares an area does it themselves, so it can be no lock: every page answers alike for all of them."""
    person, answers = people.of(role), []
    for areas in ((), ("hp",), ("lb_downtown", "bell")):
        with writing() as session:
            session.get_one(Person, person.id).areas = [PersonArea(neighborhood=area) for area in areas]
        browser = browser_of(app, person)
        answers.append([(path, browser.opens(path).status_code) for _, method, path in routes(app) if method == "GET"])
    assert answers[0] == answers[1] == answers[2]


def test_the_routes_that_are_tried_name_things_that_are_there(app: Flask, corner: Corner) -> None:
    """Else every refusal above would be a 404 in disguise."""
    named = {name for rule in app.url_map.iter_rules() for name, value in _values(rule).items() if value != NOT_THERE}
    assert {"incident_id", "alert_id", "emergency_id"} <= named & set(IDS)


def _proved_long_ago(app: Flask, person: Person) -> Browser:
    browser = browser_of(app, person)
    with writing() as session:
        session.execute(update(SignedIn).values(proved_at=ago(minutes=6)))
    return browser


def _said(browser: Browser) -> str:
    """What the next page will say, and no more of it."""
    with browser.client.session_transaction() as kept:
        said = kept.pop("_flashes", [("", "")])
    return str(said[-1][1])


def _acts() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _everything() -> tuple[int, int]:
    """Moves with every act, and with every row that a page shows."""
    with reading() as session:
        return _acts(), count(session)


def _without_token(browser: Browser, path: str) -> TestResponse:
    return browser.client.post(path, headers={"Sec-Fetch-Site": "same-origin"})


def _with_anothers_token(browser: Browser, path: str) -> TestResponse:
    return browser.sends(path, token="IjAwMDAi.aSIAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA")


def _from_elsewhere(token: str) -> Sends:
    return lambda browser, path: browser.client.post(
        path, data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )


def _of_another_origin(token: str) -> Sends:
    return lambda browser, path: browser.client.post(
        path, data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
    )
