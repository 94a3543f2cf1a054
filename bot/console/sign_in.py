"""How does somebody come in and go out? Pseudonym, passphrase, code; one answer for every way of being wrong."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import cookies
from bot.console.doors import Visit, act, open_door
from bot.people import passphrases, sessions, sign_in
from bot.store.session import reading, writing

pages = Blueprint("sign_in", __name__)

FORGET_THIS_BROWSER = '"cache", "storage"'


@open_door(pages, "/sign-in")
def ask() -> ResponseReturnValue:
    with reading() as session:
        if sessions.find(session, cookies.token(request)):
            return redirect(url_for("queue.show"), 303)
    return render_template("sign_in.html", wrong=False, name="")


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
    if person is None:
        return render_template("sign_in.html", wrong=True, name=name), 401
    answer = redirect(url_for("queue.show"), 303)
    cookies.keep_token(answer, token)
    cookies.remember_browser(answer, person)
    return answer


@act(pages, "/sign-out")
def leave(visit: Visit) -> ResponseReturnValue:
    sign_in.end(visit.session, visit.sitting)
    answer = redirect(url_for("sign_in.ask"), 303)
    cookies.drop_token(answer)
    answer.headers["Clear-Site-Data"] = FORGET_THIS_BROWSER
    return answer
