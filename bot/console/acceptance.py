"""How does an invited person become one of us? Code, pseudonym and passphrase; then an authenticator that proves itself."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.console import authenticator, words
from bot.console.authenticator import Given
from bot.console.doors import open_door
from bot.console.refusals import done
from bot.people import invitations, passphrases, totp
from bot.people.invitations import InvitationRefused
from bot.people.models import Invitation
from bot.places import neighborhoods
from bot.store.session import reading, writing

pages = Blueprint("acceptance", __name__)

AREAS = tuple(area.id for area in neighborhoods.all_neighborhoods())


@dataclass(frozen=True)
class Newcomer(Given):
    """Who they want to be here, as the first step was told."""

    language: str
    neighborhoods: list[str]


@open_door(pages, "/invitation/<token>")
def ask(token: str) -> ResponseReturnValue:
    with reading() as session:
        invitation = invitations.find(session, token)
    return _first_page(token) if invitation and not invitation.waits_for_a_second else _not_now(invitation)


@open_door(pages, "/invitation/<token>", methods=("POST",))
def tell(token: str) -> ResponseReturnValue:
    """The first step: who they want to be here."""
    name = " ".join(request.form.get("name", "").split())
    passphrase = request.form.get("passphrase", "")
    with writing() as session:
        known = invitations.check(session, token, request.form.get("code", ""))
        invitation = invitations.find(session, token)
        trouble = None if known is None else invitations.name_trouble(session, name)
    if invitation is None or invitation.waits_for_a_second:
        return _not_now(invitation)
    weak = passphrases.trouble(passphrase, name)
    if known is None or trouble or weak:
        return _first_page(token, wrong_code=known is None, name_trouble=trouble, passphrase_trouble=weak), 422
    given = Newcomer(
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
    given = authenticator.read(Newcomer, _bound(token))
    if given is None:
        return redirect(url_for("acceptance.ask", token=token), 303)
    if not authenticator.shows(given):
        return _second_page(token, given, wrong=True), 422
    try:
        with writing() as session:
            invitation = invitations.check(session, token, given.code)
            if invitation is None:
                return _done(given) if _made_of(session, given) else _not_now(invitation)
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
    return _done(given)


def _made_of(session: Session, given: Newcomer) -> bool:
    """Whether this very form was sent before (a double click): the second ends where the first did."""
    return invitations.is_made(session, given.name, given.passphrase_hash)


def _done(given: Newcomer) -> ResponseReturnValue:
    done("acceptance.done")
    return redirect(url_for("sign_in.ask", lang=given.language), 303)


def _not_now(invitation: Invitation | None) -> ResponseReturnValue:
    """The link is over; or it waits for its second person, which is worth coming back for."""
    return render_template("acceptance_over.html", over=invitation is None), 404 if invitation is None else 200


def _first_page(token: str, **trouble: object) -> str:
    return render_template("acceptance.html", token=token, areas=AREAS, shortest=passphrases.SHORTEST, **trouble)


def _second_page(token: str, given: Newcomer, wrong: bool = False) -> str:
    action = url_for("acceptance.prove", token=token, lang=words.language())
    return authenticator.ask(action, given, _bound(token), wrong=wrong)


def _bound(token: str) -> str:
    return f"invitation:{token}"
