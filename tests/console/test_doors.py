"""Who may open what? Every route of the console, for every role, from the routes themselves: a new one must say so here."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from bot.people.models import Role
from tests.console.conftest import Corner, People
from tests.console.desk import Browser, browser_of

ALL = set(Role)
ORG = {Role.ORGANIZER, Role.COORDINATOR}
DIS = {Role.DISPATCHER, *ORG}
COO = {Role.COORDINATOR}
OPEN = {
    "static",
    "sign_in.ask",
    "sign_in.enter",
    "sign_in.ask_key",
    "sign_in.enter_by_key",
    "acceptance.ask",
    "acceptance.tell",
    "acceptance.prove",
    "returning.ask",
    "returning.tell",
    "returning.prove",
}
"""What somebody who is not signed in may reach."""

MAY = {
    "queue.show": ALL,
    "queue.rows": ALL,
    "silent.reached": DIS,
    "queue.take": DIS,
    "queue.close": DIS,
    "queue.hand_on": DIS,
    "queue.say": DIS,
    "queue.ask_leave": DIS,
    "incident.show": ALL,
    "incident.known": ALL,
    "incident.claim": ALL,
    "incident.give_up": ALL,
    "incident.finding": ALL,
    "incident.propose": DIS,
    "incident.doubt": DIS,
    "incident.correct": DIS,
    "dispatching.merge": DIS,
    "dispatching.undo": DIS,
    "dispatching.debunk": DIS,
    "dispatching.cannot_tell": DIS,
    "dispatching.ask_verifiers": DIS,
    "parting.ask": DIS,
    "parting.split": DIS,
    "relay.ask": DIS,
    "unplaced.show": DIS,
    "unplaced.place": DIS,
    "calls.ask": DIS,
    "calls.write_down": DIS,
    "alert.show": ALL,
    "alert.progress": ALL,
    "alert.waiting": ALL,
    "alert.call": DIS,
    "alert.let_out": ORG,
    "alert.look_again": DIS,
    "simulacro.show": ORG,
    "simulacro.start": COO,
    "simulacro.one": ORG,
    "simulacro.let_out": ORG,
    "simulacro.end": COO,
    "trials.show": ORG,
    "trials.end": COO,
    "night.show": ALL,
    "night.let_out": ALL,
    "night.reviews": ALL,
    "night.review": COO,
    "after_action.show": ALL,
    "after_action.table": ALL,
    "after_action.learn": DIS,
    "places.show": ALL,
    "places.rows": ALL,
    "places.now": ALL,
    "places.shapes": ALL,
    "places.history": ALL,
    "notices.show": ALL,
    "notices.write": ORG,
    "notices.keep": ORG,
    "notices.measure": ORG,
    "notice.show": ALL,
    "notice.progress": ALL,
    "notice.rewrite": ORG,
    "notice.edit": ORG,
    "notice.submit": ORG,
    "notice.approve": ORG,
    "notice.send_back": ORG,
    "notice.cancel": ORG,
    "freezing.show": ALL,
    "freezing.freeze": ALL,
    "freezing.thaw": ORG,
    "freezing.again": ALL,
    "sending.show": ALL,
    "sending.stands": ALL,
    "sending.try_now": ORG,
    "sending.see": ORG,
    "health.show": ALL,
    "health.now_it_is": ALL,
    "people.show": ALL,
    "people.invite": ORG,
    "people.show_invitation": ORG,
    "people.ask_revoke": COO,
    "people.revoke": COO,
    "me.show": ALL,
    "me.speak": ALL,
    "me.shift": ALL,
    "me.end": ALL,
    "me.end_others": ALL,
    "phone.ask": ALL,
    "phone.prove": ALL,
    "phone.forget": ALL,
    "photo.show": ALL,
    "texts.show": ALL,
    "texts.read": ALL,
    "texts.sample": ALL,
    "sign_in.leave": ALL,
    "me.here": ALL,
    "keys.show": ALL,
    "keys.prove": ALL,
    "keys.ask": ALL,
    "keys.ask_new": ALL,
    "keys.add": ALL,
    "keys.remove": ALL,
    "keys.back": ALL,
    "people.vouch": ORG,
    "people.back": ORG,
    "people.take_back": ORG,
    "person.show": ORG,
    "person.ask_recovery": ORG,
    "person.agree_recovery": ORG,
    "person.back_from_recovery": ORG,
    "person.take_back_recovery": ORG,
    "person.ask_role": ORG,
    "person.agree_role": ORG,
    "person.back_from_role": ORG,
    "person.take_back_role": ORG,
    "me.areas": ALL,
    "calendar.show": ALL,
    "calendar.plan": ALL,
    "calendar.cancel": ALL,
    "calendar.switch": ALL,
}
NOT_THERE = 9999
IDS = {
    "incident_id": 1,
    "alert_id": 1,
    "notice_id": 1,
    "freeze_id": 1,
    "pause_id": 9999,
    "trouble_id": 9999,
    "person_id": 9999,
    "emergency_id": 1,
    "regrouping_id": 9999,
    "sitting_id": 9999,
    "key_id": 9999,
}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, a path of it)."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, _values(rule), method)


def _values(rule: Rule) -> dict[str, object]:
    return {name: IDS.get(name, _any(rule, name)) for name in rule.arguments}


def _any(rule: Rule, name: str) -> object:
    """Something of the right kind that is not there; files have one of ours."""
    if name == "filename":
        return "contigo.css"
    return NOT_THERE if isinstance(rule._converters[name], IntegerConverter) else "nonsense"


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in routes(app)} == set(MAY) | OPEN


def test_without_signing_in_every_other_route_leads_to_the_sign_in(app: Flask, nobody: Browser) -> None:
    for endpoint, method, path in routes(app):
        if endpoint in OPEN:
            continue
        answer = nobody.opens(path) if method == "GET" else nobody.sends(path)
        assert (answer.status_code, answer.location) == (303, "/sign-in"), endpoint


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(app: Flask, people: People, corner: Corner, role: Role) -> None:
    for endpoint, method, path in routes(app):
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
    acting = {endpoint for endpoint, method, _ in routes(app) if method == "POST"}
    looking = {endpoint for endpoint, method, _ in routes(app) if method == "GET"}
    assert acting & looking == set()


def test_nobody_can_release_or_approve_several_at_once(app: Flask) -> None:
    """No bulk approve exists: each such route names exactly one thing, by number."""
    for endpoint in (
        "alert.let_out",
        "notice.approve",
        "freezing.thaw",
        "people.revoke",
        "people.vouch",
        "person.agree_recovery",
        "person.agree_role",
    ):
        (rule,) = app.url_map.iter_rules(endpoint)
        assert len(rule.arguments) == 1
        assert "<int:" in rule.rule


def test_a_second_id_in_the_form_releases_nothing_more(luz: Browser, corner: Corner) -> None:
    path = f"/alerts/{corner.alert.id}"
    answer = luz.sends(f"{path}/release", words=luz.words(path), alert_id=["1", "2", "3"], ids="1,2,3")
    assert answer.location == path


def test_an_unsigned_out_person_sees_no_page_of_a_session_of_somebody_else(luz: Browser, vera: Browser) -> None:
    """Ending a session takes one's own only."""
    luz.reads("/me")
    for sitting_id in range(1, 8):
        vera.sends(f"/me/sessions/{sitting_id}/end")
    assert luz.opens("/").status_code == 200
