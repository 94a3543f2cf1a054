"""Who may open what? Every route of the console, for every role, from the routes themselves: a new one must say so here."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.people.models import Role
from tests.console.conftest import Corner, People
from tests.console.desk import Browser, browser_of

V, D, O, C = Role.VERIFIER, Role.DISPATCHER, Role.ORGANIZER, Role.COORDINATOR
ALL = {V, D, O, C}
OPEN = {"static", "sign_in.ask", "sign_in.enter", "acceptance.ask", "acceptance.tell", "acceptance.prove"}
"""What somebody who is not signed in may reach."""

MAY = {
    "queue.show": ALL,
    "queue.rows": ALL,
    "queue.take": {D, O, C},
    "queue.close": {D, O, C},
    "incident.show": ALL,
    "incident.known": ALL,
    "incident.claim": ALL,
    "incident.give_up": ALL,
    "incident.finding": ALL,
    "incident.propose": {D, O, C},
    "incident.doubt": {D, O, C},
    "incident.correct": {D, O, C},
    "alert.show": ALL,
    "alert.progress": ALL,
    "alert.let_out": {O, C},
    "alert.look_again": {D, O, C},
    "notices.show": ALL,
    "notices.write": {O, C},
    "notices.keep": {O, C},
    "notices.measure": {O, C},
    "notice.show": ALL,
    "notice.progress": ALL,
    "notice.rewrite": {O, C},
    "notice.edit": {O, C},
    "notice.submit": {O, C},
    "notice.approve": {O, C},
    "notice.send_back": {O, C},
    "notice.cancel": {O, C},
    "freezing.show": ALL,
    "freezing.freeze": ALL,
    "freezing.thaw": {O, C},
    "freezing.again": ALL,
    "people.show": ALL,
    "people.invite": {O, C},
    "people.show_invitation": {O, C},
    "people.ask_revoke": {C},
    "people.revoke": {C},
    "me.show": ALL,
    "me.speak": ALL,
    "me.shift": ALL,
    "me.end": ALL,
    "me.end_others": ALL,
    "sign_in.leave": ALL,
}
IDS = {
    "incident_id": 1,
    "alert_id": 1,
    "notice_id": 1,
    "freeze_id": 1,
    "person_id": 9999,
    "emergency_id": 1,
    "sitting_id": 9999,
}


def _routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, a path of it)."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.endpoint, method, adapter.build(rule.endpoint, _values(rule), method)))
    return found


def _values(rule: Rule) -> dict[str, object]:
    return {
        name: IDS.get(name, "contigo.css" if name == "filename" else "nonsense") for name in rule.arguments
    }


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in _routes(app)} == set(MAY) | OPEN


def test_without_signing_in_every_other_route_leads_to_the_sign_in(app: Flask, nobody: Browser) -> None:
    for endpoint, method, path in _routes(app):
        if endpoint in OPEN:
            continue
        answer = nobody.opens(path) if method == "GET" else nobody.sends(path)
        assert (answer.status_code, answer.location) == (303, "/sign-in"), endpoint


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(
    app: Flask, people: People, corner: Corner, role: Role
) -> None:
    for endpoint, method, path in _routes(app):
        if endpoint in OPEN:
            continue
        browser = browser_of(app, people.of(role))
        status = (browser.opens(path) if method == "GET" else browser.sends(path)).status_code
        if role in MAY[endpoint]:
            assert status not in (403, 405, 500), f"{role} {method} {path}: {status}"
        else:
            assert status == 403, f"{role} {method} {path}: {status}"


def test_nothing_changes_on_get(app: Flask) -> None:
    """Looking and acting never share a view."""
    acting = {endpoint for endpoint, method, _ in _routes(app) if method == "POST"}
    looking = {endpoint for endpoint, method, _ in _routes(app) if method == "GET"}
    assert acting & looking == set()


def test_nobody_can_release_or_approve_several_at_once(app: Flask) -> None:
    """No bulk approve exists: each such route names exactly one thing, by number."""
    for endpoint in ("alert.let_out", "notice.approve", "freezing.thaw", "people.revoke"):
        (rule,) = app.url_map.iter_rules(endpoint)
        assert len(rule.arguments) == 1
        assert "<int:" in rule.rule


def test_a_second_id_in_the_form_releases_nothing_more(luz: Browser, corner: Corner) -> None:
    path = f"/alerts/{corner.alert.id}"
    answer = luz.sends(f"{path}/release", words=luz.words(path), alert_id=["1", "2", "3"], ids="1,2,3")
    assert answer.location == path


def test_an_unsigned_out_person_sees_no_page_of_a_session_of_somebody_else(
    luz: Browser, vera: Browser
) -> None:
    """Ending a session takes one's own only."""
    luz.reads("/me")
    for sitting_id in range(1, 8):
        vera.sends(f"/me/sessions/{sitting_id}/end")
    assert luz.opens("/").status_code == 200
