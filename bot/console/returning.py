"""How does somebody come back who lost their keys? By the link of one organizer, the code of another, and keys made anew."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import authenticator
from bot.console.authenticator import Given
from bot.console.doors import open_door
from bot.console.refusals import done
from bot.moderation import texting
from bot.people import passphrases, recovery, totp
from bot.people.hands import Refusal
from bot.people.models import Person
from bot.store.session import reading, writing

pages = Blueprint("returning", __name__)


@open_door(pages, "/return/<token>")
def ask(token: str) -> ResponseReturnValue:
    with reading() as session:
        asked = recovery.find(session, token)
        agreed = asked is not None and asked.agreed_at is not None
    return _first_page(token) if agreed else _not_now(over=asked is None)


@open_door(pages, "/return/<token>", methods=("POST",))
def tell(token: str) -> ResponseReturnValue:
    """The first step: the code, and a new passphrase."""
    code, passphrase = request.form.get("code", ""), request.form.get("passphrase", "")
    with writing() as session:
        known = recovery.check(session, token, code)
        over = recovery.find(session, token) is None
        name = session.get_one(Person, known.person_id).name if known else ""
    if over:
        return _not_now(over=True)
    weak = passphrases.trouble(passphrase, name)
    if known is None or weak:
        return _first_page(token, wrong_code=known is None, passphrase_trouble=weak), 422
    return _second_page(token, Given(code, name, passphrases.hashed(passphrase), totp.fresh()))


@open_door(pages, "/return/<token>/authenticator", methods=("POST",))
def prove(token: str) -> ResponseReturnValue:
    """The second step: the new authenticator shows that it has the secret. Only now is the link used up."""
    given = authenticator.read(Given, _bound(token))
    if given is None:
        return redirect(url_for("returning.ask", token=token), 303)
    if not authenticator.shows(given):
        return _second_page(token, given, wrong=True), 422
    try:
        with writing() as session:
            asked = recovery.check(session, token, given.code)
            if asked is None:
                return _not_now(over=True)
            back = recovery.come_back(session, asked, given.passphrase_hash, given.secret)
            texting.text(session, back, "console.keys_new")  # it may not have been them
    except Refusal:
        return _not_now(over=True)
    done("returning.done")
    return redirect(url_for("sign_in.ask"), 303)


def _not_now(over: bool) -> ResponseReturnValue:
    """The link is over, or its second person has not agreed yet: the latter is worth coming back for."""
    return render_template("return_over.html", over=over), 404 if over else 200


def _first_page(token: str, **trouble: object) -> str:
    return render_template("return.html", token=token, shortest=passphrases.SHORTEST, **trouble)


def _second_page(token: str, given: Given, wrong: bool = False) -> str:
    return authenticator.ask(url_for("returning.prove", token=token), given, _bound(token), wrong=wrong)


def _bound(token: str) -> str:
    return f"return:{token}"
