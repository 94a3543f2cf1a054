"""With which devices do I come in? Passkeys: listed, added, removed; and the questions that a browser puts to them.

Whoever's keys change is told on their phone: it may not have been them (ASVS 6.3.7).
"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import Visit, act, look
from bot.console.refusals import done
from bot.console.words import say
from bot.moderation import texting
from bot.people import challenges, key_address, passkeys, sessions

pages = Blueprint("keys", __name__, url_prefix="/me/keys")


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template(
        "keys.html",
        keys=passkeys.of(visit.session, visit.person),
        most=passkeys.KEYS_EACH,
        possible=key_address.possible(),
        proved=sessions.is_proved(visit.sitting),
    )


@act(pages, "/prove", proved="keys.show")
def prove(_visit: Visit) -> ResponseReturnValue:
    """The door has asked who they are: now keys can be added and removed for a few minutes."""
    return redirect(url_for("keys.show"), 303)


@act(pages, "/ask")
def ask(visit: Visit) -> ResponseReturnValue:
    """A question to this person's own keys, instead of a code."""
    _possible()
    return _question(passkeys.ask_to_prove(visit.session, challenges.of_sitting(visit.sitting), visit.person))


@act(pages, "/new")
def ask_new(visit: Visit) -> ResponseReturnValue:
    """What a device is asked to make: only for somebody who has just proved who they are."""
    _possible()
    if not sessions.is_proved(visit.sitting):
        abort(403)
    return _question(passkeys.ask_to_add(visit.session, challenges.of_sitting(visit.sitting), visit.person))


@act(pages, "", proved="keys.show")
def add(visit: Visit) -> ResponseReturnValue:
    made = passkeys.add(
        visit.session,
        challenges.of_sitting(visit.sitting),
        visit.person,
        request.form.get("key", ""),
        request.form.get("name", ""),
    )
    if made is None:  # not raised: the question is used up all the same
        flash(say("keys.not_added"), "refused")
    else:
        texting.text(visit.session, visit.person, "console.key_added")
        done("keys.added", name=made.name)
    return redirect(url_for("keys.show"), 303)


@act(pages, "/<int:key_id>/remove", proved="keys.back")
def remove(visit: Visit, key_id: int) -> ResponseReturnValue:
    """One's own only."""
    if not passkeys.remove(visit.session, visit.person, key_id):
        abort(404)
    texting.text(visit.session, visit.person, "console.key_removed")
    done("keys.removed")
    return redirect(url_for("keys.show"), 303)


@look(pages, "/<int:key_id>/remove")
def back(_visit: Visit, key_id: int) -> ResponseReturnValue:
    return redirect(url_for("keys.show"), 303)


def _possible() -> None:
    if not key_address.possible():
        abort(404)


def _question(options: str) -> Response:
    return Response(options, mimetype="application/json")
