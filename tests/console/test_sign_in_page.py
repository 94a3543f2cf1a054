"""In and out through the page: one answer for every way of being wrong, cookies that tell scripts nothing."""

import datetime as dt
from contextlib import ExitStack

import pytest
from time_machine import travel

from bot.clock import ahead, now
from bot.console.app import make_app
from bot.people import passphrases, sign_in, totp
from bot.people.models import Person
from bot.store.session import writing
from tests.console.conftest import PASSPHRASE, SECRET, People
from tests.console.desk import Browser, stranger
from tests.services.settings import Environment


def shown_code(steps: int = 0) -> str:
    return totp.code_at(SECRET, now() + dt.timedelta(seconds=30 * steps))


def _fields(**other: str) -> dict[str, str]:
    return {"name": "Luz", "passphrase": PASSPHRASE, "code": shown_code(), **other}


@pytest.mark.usefixtures("people")
def test_the_right_three_open_the_queue(nobody: Browser) -> None:
    answer = nobody.sends("/sign-in", **_fields())
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Queue" in nobody.reads("/")


@pytest.mark.usefixtures("people")
def test_every_wrong_sign_in_reads_the_same(nobody: Browser) -> None:
    """Nothing on the page tells whether such a person exists."""
    wrong = [{"name": "Nobody"}, {"passphrase": "not the right one at all"}, {"code": "000000"}]
    answers = [nobody.sends("/sign-in", **_fields(**each)) for each in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert len({_without(answer.text, "csrf_token", 'value="Luz"', 'value="Nobody"') for answer in answers}) == 1


def _without(page: str, *parts: str) -> str:
    return "\n".join(line for line in page.splitlines() if not any(part in line for part in parts))


@pytest.mark.usefixtures("people")
def test_on_https_cookies_are_bound_to_the_host(env: Environment) -> None:
    env.set(public_base_url="https://contigo.example")
    browser = stranger(make_app())
    page = browser.client.get("/sign-in", base_url="https://contigo.example")
    token = page.text.split('csrf_token" value="')[1].split('"')[0]
    answer = browser.client.post(
        "/sign-in",
        base_url="https://contigo.example",
        data=_fields(csrf_token=token),
        headers={"Origin": "https://contigo.example"},
    )
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-contigo-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.usefixtures("people")
def test_signing_out_ends_the_session_on_the_server_too(luz: Browser) -> None:
    kept = luz.client.get_cookie("contigo-session")
    assert kept is not None
    answer = luz.sends("/sign-out")
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    luz.client.set_cookie("contigo-session", kept.value)
    assert luz.opens("/").location == "/sign-in"


def test_a_revoked_person_is_out_with_their_next_request(luz: Browser, people: People) -> None:
    assert luz.reads("/")
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, people.luz.id))
    assert luz.opens("/").location == "/sign-in"
    part = luz.opens("/queue/rows", **{"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in")


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(luz: Browser) -> None:
    for minutes in (10, 20, 29):
        with travel(ahead(minutes=minutes), tick=True):
            assert luz.opens("/queue/rows").status_code in (200, 304)
    with travel(ahead(minutes=31), tick=True):
        assert luz.opens("/queue/rows", **{"HX-Request": "true"}).status_code == 401


def test_looking_at_pages_does(luz: Browser) -> None:
    for minutes in (20, 40):
        with travel(ahead(minutes=minutes), tick=True):
            luz.reads("/")


@pytest.mark.usefixtures("people")
def test_a_browser_used_before_is_not_held_up_by_others_guesses(nobody: Browser, app: object) -> None:
    assert nobody.sends("/sign-in", **_fields()).status_code == 303
    assert nobody.sends("/sign-out").status_code == 303
    other = stranger(app)  # type: ignore[arg-type]
    for _ in range(6):
        other.sends("/sign-in", **_fields(passphrase="guess guess guess guess"))
    assert other.sends("/sign-in", **_fields(code=shown_code(1))).status_code == 401
    assert nobody.sends("/sign-in", **_fields(code=shown_code(1))).status_code == 303


@pytest.mark.usefixtures("people")
def test_while_too_many_sign_in_the_next_is_asked_to_come_back(nobody: Browser) -> None:
    """Names we know and names we do not, in the same words; and it counts as no try."""
    with ExitStack() as crowd:
        for _ in range(4):
            crowd.enter_context(passphrases._working_or_waiting)
        answers = [nobody.sends("/sign-in", **_fields(name=name)) for name in ("Luz", "Nobody")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert int(answers[0].headers["Retry-After"]) > 0
    assert answers[0].text == answers[1].text
    assert "does not count as a try" in answers[0].text
    assert nobody.sends("/sign-in", **_fields()).status_code == 303
