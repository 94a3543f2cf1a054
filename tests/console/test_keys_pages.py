"""Passkeys through the pages: signing in, standing in for a code, added and removed; what is refused reads the same."""

import json

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from bot.clock import ahead
from bot.console.app import make_app
from bot.outbox.delivery_models import Delivery
from bot.people import passkeys, sign_in
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import People
from tests.console.desk import Browser, browser_of, stranger
from tests.people.device import Device
from tests.services.settings import Environment

HERE = "http://localhost"


@pytest.fixture
def app(database_url: str, redis_url: str, env: Environment) -> Flask:
    """The console at a name, where keys work."""
    env.set(public_base_url=HERE)
    return make_app()


@pytest.fixture
def phone() -> Device:
    return Device(origin=HERE, host="localhost")


def add(browser: Browser, device: Device, name: str = "Phone") -> str:
    asked = browser.sends("/me/keys/new")
    assert asked.status_code == 200
    return browser.does("/me/keys", key=device.makes(asked.text), name=name)


def test_a_key_is_added_named_listed_and_removed(luz: Browser, phone: Device, people: People) -> None:
    assert "Phone is added" in add(luz, phone)
    add(luz, Device(origin=HERE, host="localhost"), "Laptop")
    page = luz.reads("/me/keys")
    assert "Phone" in page
    assert "Laptop" in page
    with reading() as session:
        first = passkeys.of(session, people.luz)[0]
    assert "opens nothing any more" in luz.does(f"/me/keys/{first.id}/remove")
    assert "Phone" not in luz.reads("/me/keys").split("<ul")[1].split("</ul>")[0]


def _texted() -> list[str | None]:
    with reading() as session:
        return list(session.scalars(select(Delivery.key).order_by(Delivery.id)))


def test_whose_keys_change_reads_so_on_their_phone(vera: Browser, phone: Device, people: People) -> None:
    add(vera, phone)
    assert _texted() == ["console.key_added"]
    with reading() as session:
        made = passkeys.of(session, people.vera)[0]
    vera.does(f"/me/keys/{made.id}/remove")
    assert _texted() == ["console.key_added", "console.key_removed"]
    assert vera.sends("/me/keys/99/remove").status_code == 404
    assert len(_texted()) == 2, "nothing was removed"


def test_a_key_signs_in_without_a_name(luz: Browser, nobody: Browser, phone: Device) -> None:
    add(luz, phone)
    question = nobody.sends("/sign-in/key/ask")
    assert json.loads(question.text)["allowCredentials"] == []
    answer = nobody.sends("/sign-in/key", key=phone.signs(question.text))
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Queue" in nobody.reads("/")


def test_an_answer_works_in_the_browser_that_asked_and_once(luz: Browser, app: Flask, phone: Device) -> None:
    add(luz, phone)
    mine, other = stranger(app), stranger(app)
    other.sends("/sign-in/key/ask")
    answer = phone.signs(mine.sends("/sign-in/key/ask").text)
    assert other.sends("/sign-in/key", key=answer).status_code == 401
    assert mine.sends("/sign-in/key", key=answer).status_code == 303
    assert mine.sends("/sign-out").status_code == 303
    assert mine.sends("/sign-in/key", key=answer).status_code == 401


def test_every_refusal_reads_the_same(luz: Browser, vera: Browser, people: People, app: Flask, phone: Device) -> None:
    """A wrong address, a key nobody knows, a person whose access ended, nothing at all."""
    hers = Device(origin=HERE, host="localhost")
    add(luz, phone)
    add(vera, hers)
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, people.vera.id))
    phone.origin = "http://localhost.evil.example"
    pages = set()
    for device in (phone, hers, Device(origin=HERE, host="localhost"), None):
        browser = stranger(app)
        asked = browser.sends("/sign-in/key/ask").text
        answer = browser.sends("/sign-in/key", key=device.signs(asked) if device else "")
        assert answer.status_code == 401
        assert "That passkey did not work here" in answer.text
        pages.add("\n".join(line for line in answer.text.splitlines() if "csrf_token" not in line))
    assert len(pages) == 1


def _is_refused(browser: Browser, **shown: str) -> bool:
    """An invitation is asked for with this proof: nothing is made."""
    answer = browser.sends("/people/invitations", role="verifier", **shown)
    return answer.status_code == 303 and "Nothing was done" in browser.reads("/people")


def test_a_key_stands_in_for_a_code(luz: Browser, people: People, phone: Device) -> None:
    add(luz, phone)
    with travel(ahead(minutes=6), tick=True):
        assert 'data-ask="/me/keys/ask"' in luz.reads("/people")
        assert _is_refused(luz, code="000000")
        wrong = Device(origin=HERE, host="localhost")
        question = luz.sends("/me/keys/ask").text
        assert _is_refused(luz, key=wrong.signs(question))
        answer = phone.signs(luz.sends("/me/keys/ask").text)
        assert luz.sends("/people/invitations", role="verifier", key=answer).status_code == 200


def test_anothers_key_does_not(luz: Browser, ana: Browser, phone: Device) -> None:
    add(luz, phone)
    add(ana, Device(origin=HERE, host="localhost"))
    with travel(ahead(minutes=6), tick=True):
        question = ana.sends("/me/keys/ask").text
        assert _is_refused(ana, key=phone.signs(question))


def test_keys_are_added_and_removed_after_a_fresh_proof_only(luz: Browser, people: People, phone: Device) -> None:
    add(luz, phone)
    with travel(ahead(minutes=6), tick=True):
        assert luz.sends("/me/keys/new").status_code == 403
        page = luz.reads("/me/keys")
        assert "Asked first" in page
        assert "/remove" not in page
        with reading() as session:
            first = passkeys.of(session, people.luz)[0]
        luz.does("/me/keys", key="{}", name="x")
        luz.sends(f"/me/keys/{first.id}/remove")
        with reading() as session:
            assert len(passkeys.of(session, people.luz)) == 1
        luz.does("/me/keys/prove", key=phone.signs(luz.sends("/me/keys/ask").text))
        assert "Add a passkey" in luz.reads("/me/keys")


def test_nobody_removes_anothers(luz: Browser, ana: Browser, people: People, phone: Device) -> None:
    add(luz, phone)
    with reading() as session:
        hers = passkeys.of(session, people.luz)[0]
    assert ana.sends(f"/me/keys/{hers.id}/remove").status_code == 404
    assert "Phone" in luz.reads("/me/keys")


def test_a_wrong_answer_adds_nothing_and_says_so(luz: Browser, phone: Device) -> None:
    phone.origin = "http://evil.example"
    assert "was not added" in add(luz, phone)
    assert "You have no passkey yet" in luz.reads("/me/keys")


def test_a_keys_name_is_text(luz: Browser, phone: Device) -> None:
    page = add(luz, phone, "<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_where_keys_cannot_work_nothing_offers_them(people: People, env: Environment, phone: Device) -> None:
    env.set(public_base_url="http://127.0.0.1:8000")
    console = make_app()
    nobody, luz = stranger(console), browser_of(console, people.luz)
    assert "data-ask" not in nobody.reads("/sign-in")
    assert nobody.sends("/sign-in/key/ask").status_code == 404
    assert luz.sends("/me/keys/ask").status_code == 404
    assert "only where this desk has a name" in luz.reads("/me/keys")


def test_without_javascript_the_code_is_asked_for_as_ever(luz: Browser, phone: Device) -> None:
    add(luz, phone)
    with travel(ahead(minutes=6), tick=True):
        form = luz.reads("/people").split('action="/people/invitations"')[1].split("</form>")[0]
    assert 'name="code"' in form
    assert "required" in form.split('name="code"')[1].split(">")[0]
