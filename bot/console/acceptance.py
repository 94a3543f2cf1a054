"""How does an invited person become one of us? Code, pseudonym and passphrase; then an authenticator that proves itself.

Between the two steps nothing is kept here: what was given travels in the form, encrypted for this invitation, so that an
interrupted acceptance leaves no half-made person and the link still works.
"""

from dataclasses import asdict, dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from bot.console import carried, words
from bot.console.doors import open_door
from bot.console.refusals import done
from bot.people import invitations, passphrases, totp
from bot.people.invitations import InvitationRefused
from bot.places import neighborhoods
from bot.store.session import reading, writing

pages = Blueprint("acceptance", __name__)

AREAS = tuple(area.id for area in neighborhoods.all_neighborhoods())
STEP_MINUTES = 60
"""How long somebody may take to find an authenticator."""


@dataclass(frozen=True)
class Given:
    """What the first step was told and checked."""

    code: str
    name: str
    passphrase_hash: str
    language: str
    neighborhoods: list[str]
    secret: str


@open_door(pages, "/invitation/<token>")
def ask(token: str) -> ResponseReturnValue:
    with reading() as session:
        if invitations.find(session, token) is None:
            return render_template("acceptance_over.html"), 404
    return _first_page(token)


@open_door(pages, "/invitation/<token>", methods=("POST",))
def tell(token: str) -> ResponseReturnValue:
    """The first step: who they want to be here."""
    name = " ".join(request.form.get("name", "").split())
    passphrase = request.form.get("passphrase", "")
    with writing() as session:
        known = invitations.check(session, token, request.form.get("code", ""))
        over = invitations.find(session, token) is None
        trouble = None if known is None else invitations.name_trouble(session, name)
    if over:
        return render_template("acceptance_over.html"), 404
    weak = passphrases.trouble(passphrase, name)
    if known is None or trouble or weak:
        return _first_page(token, wrong_code=known is None, name_trouble=trouble, passphrase_trouble=weak), 422
    given = Given(
        code=request.form.get("code", ""),
        name=name,
        passphrase_hash=passphrases.hashed(passphrase),
        language=words.language(),
        neighborhoods=[area for area in request.form.getlist("neighborhoods") if area in AREAS],
        secret=totp.fresh(),
    )
    return _second_page(token, given)


@open_door(pages, "/invitation/<token>/authenticator", methods=("POST",))
def prove(token: str) -> ResponseReturnValue:
    """The second step: the authenticator shows that it has the secret. Only now is the invitation used up."""
    facts = carried.opened(request.form.get("given", ""), _bound(token))
    if facts is None:
        return redirect(url_for("acceptance.ask", token=token), 303)
    given = Given(**facts)
    if totp.step(given.secret, request.form.get("totp", "")) is None:
        return _second_page(token, given, wrong=True), 422
    try:
        with writing() as session:
            invitation = invitations.check(session, token, given.code)
            if invitation is None:
                return render_template("acceptance_over.html"), 404
            invitations.admit(
                session,
                invitation,
                given.name,
                given.passphrase_hash,
                given.secret,
                given.language,
                tuple(given.neighborhoods),
            )
    except (InvitationRefused, IntegrityError):  # somebody took the name, or the link, meanwhile
        return _first_page(token, name_trouble="taken"), 409
    done("acceptance.done")
    return redirect(url_for("sign_in.ask", lang=given.language), 303)


def _first_page(token: str, **trouble: object) -> str:
    return render_template("acceptance.html", token=token, areas=AREAS, shortest=passphrases.SHORTEST, **trouble)


def _second_page(token: str, given: Given, wrong: bool = False) -> str:
    return render_template(
        "acceptance_authenticator.html",
        token=token,
        given=carried.sealed(asdict(given), _bound(token), minutes=STEP_MINUTES),
        secret=given.secret,
        picture=totp.picture(given.secret, given.name),
        address=totp.address(given.secret, given.name),
        wrong=wrong,
    )


def _bound(token: str) -> str:
    return f"invitation:{token}"
