"""From a link and a spoken code to a person who can sign in."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from bot.clock import now
from bot.people import totp
from bot.people.models import Invitation, Person
from bot.store.session import reading
from tests.console.desk import Browser, hidden, secret_of, stranger
from tests.services.settings import Environment

LINK = re.compile(r'value="(http[^"]+/invitation/[^"]+)"')
CODE = re.compile(r"<code>(\d{6})</code>")
WORDS = "ocho nubes y un tambor"


@pytest.fixture
def invited(ana: Browser) -> tuple[str, str]:
    """Ana invites a verifier: the link's path and the code."""
    answer = ana.sends("/people/invitations", role="verifier")
    link, code = LINK.search(answer.text), CODE.search(answer.text)
    assert link
    assert code
    return urlsplit(link[1]).path, code[1]


def _first(browser: Browser, invited: tuple[str, str], **other: object) -> str:
    fields = {"code": invited[1], "name": "Tomas", "passphrase": WORDS, "neighborhoods": ["hp"], **other}
    return browser.sends(invited[0], **fields).text


def test_two_steps_make_a_person_who_can_sign_in(nobody: Browser, invited: tuple[str, str], app: Flask) -> None:
    page = _first(nobody, invited)
    secret = secret_of(page)
    assert "data:image/svg+xml" in page
    shown = totp.code_at(secret, now())
    done = nobody.sends(f"{invited[0]}/authenticator", given=hidden(page, "given"), totp=shown)
    assert done.status_code == 303
    entered = stranger(app).sends("/sign-in", name="Tomas", passphrase=WORDS, code=totp.code_at(secret, now()))
    assert entered.status_code == 303


def test_a_double_click_ends_where_the_first_did_and_makes_one_person(
    nobody: Browser, invited: tuple[str, str], app: Flask
) -> None:
    page = _first(nobody, invited)
    fields = {"given": hidden(page, "given"), "totp": totp.code_at(secret_of(page), now())}
    first, second = (nobody.sends(f"{invited[0]}/authenticator", **fields) for _ in range(2))
    assert (second.status_code, second.location) == (first.status_code, first.location) == (303, first.location)
    with reading() as session:
        assert len(session.scalars(select(Person.id).where(Person.name == "Tomas")).all()) == 1


def test_another_form_of_a_used_link_ends_nowhere(nobody: Browser, invited: tuple[str, str], app: Flask) -> None:
    pages = [_first(nobody, invited), _first(stranger(app), invited, name="Rosa")]
    sent = [
        nobody.sends(
            f"{invited[0]}/authenticator", given=hidden(page, "given"), totp=totp.code_at(secret_of(page), now())
        ).status_code
        for page in pages
    ]
    assert sent == [303, 404]


def test_nobody_is_made_before_the_authenticator_has_proved_itself(nobody: Browser, invited: tuple[str, str]) -> None:
    page = _first(nobody, invited)
    wrong = nobody.sends(f"{invited[0]}/authenticator", given=hidden(page, "given"), totp="000000")
    assert wrong.status_code == 422
    with reading() as session:
        assert session.scalar(select(Person.id).where(Person.name == "Tomas")) is None
    assert "Tomas" not in nobody.reads(invited[0])


def test_what_the_form_carries_opens_for_this_invitation_only(
    nobody: Browser, invited: tuple[str, str], ana: Browser
) -> None:
    page = _first(nobody, invited)
    assert WORDS not in page
    other = LINK.search(ana.sends("/people/invitations", role="verifier").text)
    assert other
    path = urlsplit(other[1]).path
    moved = nobody.sends(
        f"{path}/authenticator", given=hidden(page, "given"), totp=totp.code_at(secret_of(page), now())
    )
    assert (moved.status_code, moved.location) == (303, path)
    with reading() as session:
        assert session.scalar(select(Person.id).where(Person.name == "Tomas")) is None


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"code": "12"}, "not the code"),
        ({"name": "Luz"}, "has this name"),
        ({"passphrase": "too short"}, "shorter than 15"),
        ({"passphrase": "passwordpassword123"}, "easy to guess"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    nobody: Browser, invited: tuple[str, str], other: dict[str, str], says: str
) -> None:
    assert says in _first(nobody, invited, **other)


def test_five_wrong_codes_close_the_link(nobody: Browser, invited: tuple[str, str]) -> None:
    for _ in range(5):
        _first(nobody, invited, code="12")
    assert nobody.opens(invited[0]).status_code == 404
    assert "does not work any more" in _first(nobody, invited)


def test_an_unknown_link_says_what_to_do(nobody: Browser) -> None:
    page = nobody.opens("/invitation/nonsense")
    assert page.status_code == 404
    assert "does not work any more" in page.text


def test_the_database_keeps_no_link_and_no_code(invited: tuple[str, str]) -> None:
    token = invited[0].rsplit("/", 1)[1]
    with reading() as session:
        for row in session.scalars(select(Invitation)):
            assert token.encode() not in row.token_hash


def test_the_link_is_of_our_own_address_whatever_the_request_calls_us(ana: Browser, env: Environment) -> None:
    """Behind a proxy the request's scheme is not ours, and its Host is whatever somebody wrote there."""
    form = {"csrf_token": ana.token(), "role": "verifier"}
    env.set(public_base_url="http://hotline.example.org/")
    for name in ("contigo-session", "contigo-form"):
        cookie = ana.client.get_cookie(name)
        assert cookie
        ana.client.set_cookie(name, cookie.value, domain="evil.example")
    answer = ana.client.post("/people/invitations", data=form, headers={"Host": "evil.example"})
    assert answer.status_code == 200
    assert "http://hotline.example.org/invitation/" in answer.text
    assert "evil.example" not in answer.text
