"""How does somebody come in and go out? A passkey; or pseudonym, passphrase, code. One answer for every way of being wrong."""

import secrets

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from bot.console import cookies
from bot.console.doors import Visit, act, open_door
from bot.people import challenges, key_address, key_proofs, passkeys, passphrases, sessions, sign_in
from bot.people.models import Person
from bot.store.session import reading, writing

pages = Blueprint("sign_in", __name__)

MARK = "asker"
"""In the cookie that forms need anyway: which browser a question was put to."""
FORGET_THIS_BROWSER = '"cache", "storage"'


@open_door(pages, "/sign-in")
def ask() -> ResponseReturnValue:
    with reading() as session:
        if sessions.find(session, cookies.token(request)):
            return redirect(url_for("queue.show"), 303)
    return _page()


@open_door(pages, "/sign-in", methods=("POST",))
def enter() -> ResponseReturnValue:
    name, passphrase, code = (request.form.get(field, "") for field in ("name", "passphrase", "code"))
    with reading() as session:
        kept = sign_in.kept_hash(session, name)
    right = passphrases.right(kept, passphrase)
    with writing() as session:
        known = cookies.is_known_browser(request, sign_in.known(session, name))
        person = sign_in.enter(session, name, right, code, known_browser=known)
        token = sign_in.open_session(session, person) if person else ""
    return _let_in(person, token) if person else (_page(wrong="wrong", name=name), 401)


@open_door(pages, "/sign-in/key/ask", methods=("POST",))
def ask_key() -> ResponseReturnValue:
    """A question to whatever keys a device holds for us. It is answered in this browser only."""
    if not key_address.possible():
        abort(404)
    browser.setdefault(MARK, secrets.token_urlsafe(16))
    return Response(passkeys.ask_to_enter(_holder()), mimetype="application/json")


@open_door(pages, "/sign-in/key", methods=("POST",))
def enter_by_key() -> ResponseReturnValue:
    answer = request.form.get("key", "")
    if not key_proofs.may_enter(_holder(), answer):
        return _page(wrong="key_wrong"), 401
    with writing() as session:
        person = key_proofs.enter(session, _holder(), answer)
        token = sign_in.open_session(session, person) if person else ""
    return _let_in(person, token) if person else (_page(wrong="key_wrong"), 401)


@act(pages, "/sign-out")
def leave(visit: Visit) -> ResponseReturnValue:
    sign_in.end(visit.session, visit.sitting)
    answer = redirect(url_for("sign_in.ask"), 303)
    cookies.drop_token(answer)
    answer.headers["Clear-Site-Data"] = FORGET_THIS_BROWSER
    return answer


def _let_in(person: Person, token: str) -> ResponseReturnValue:
    browser.pop(MARK, None)
    answer = redirect(url_for("queue.show"), 303)
    cookies.keep_token(answer, token)
    cookies.remember_browser(answer, person)
    return answer


def _page(wrong: str = "", name: str = "") -> str:
    return render_template("sign_in.html", wrong=wrong, name=name, by_key=key_address.possible())


def _holder() -> bytes:
    return challenges.of_browser(str(browser.get(MARK, "")))
