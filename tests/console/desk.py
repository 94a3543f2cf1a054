"""How does a test use the console? As a person with a browser of their own, through the same forms."""

import re
from dataclasses import dataclass
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.people import sessions
from bot.people.models import Person
from bot.store.session import writing

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN_WORDS = re.compile(r'name="words" value="([0-9a-f]{64})"')


@dataclass
class Browser:
    """One person's browser, signed in or not."""

    client: FlaskClient

    def opens(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers, buffered=True)

    def reads(self, path: str) -> str:
        """A page that must be there, without what is drawn by chance in it: nobody's name is found in a token."""
        answer = self.opens(path)
        assert answer.status_code == 200, f"{path}: {answer.status} {answer.location}"
        return TOKEN.sub('name="csrf_token"', answer.text)

    def sends(self, path: str, /, token: object = None, **fields: object) -> TestResponse:
        """A form, with the token that any page of ours holds. Nothing is followed."""
        form = {"csrf_token": self.token() if token is None else token, **fields}
        return self.client.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})

    def does(self, path: str, /, **fields: object) -> str:
        """Send a form and follow it; what the page then says."""
        answer = self.sends(path, **fields)
        assert answer.status_code == 303, f"{path}: {answer.status}"
        return self.reads(answer.location)

    def token(self) -> str:
        page = self.opens("/sign-in")
        found = TOKEN.search(page.text if page.status_code == 200 else self.opens("/me").text)
        assert found
        return found[1]

    def words(self, path: str) -> str:
        """The mark of the words that stand on a release page."""
        found = HIDDEN_WORDS.search(self.reads(path))
        assert found, "no release form on this page"
        return found[1]


def hidden(page: str, name: str) -> str:
    """What a form carries along in this field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def secret_of(page: str) -> str:
    """The secret that a new authenticator is given."""
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    return found[1]


def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


def browser_of(app: Flask, person: Person) -> Browser:
    """Signed in a moment ago, second factor and all."""
    with writing() as session:
        token = sessions.open_session(session, session.get_one(Person, person.id))
    browser = stranger(app)
    browser.client.set_cookie("contigo-session", token)
    return browser
