"""My own things: shift, language, and where I am signed in."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import Visit, act, look
from bot.console.refusals import done
from bot.console.words import CHOICES
from bot.people import sessions, shifts
from bot.people.models import SignedIn

pages = Blueprint("me", __name__, url_prefix="/me")


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template(
        "me.html",
        proved=sessions.is_proved(visit.sitting),
        sessions=sessions.open_ones(visit.session, visit.person),
        on=visit.person.id in {person.id for person in shifts.on_shift(visit.session)},
    )


@act(pages, "/language")
def speak(visit: Visit) -> ResponseReturnValue:
    """The console's language, which is also that of the texts we send this person."""
    if request.form.get("language") in CHOICES:
        visit.person.language = request.form["language"]
    return redirect(url_for("me.show"), 303)


@act(pages, "/shift")
def shift(visit: Visit) -> ResponseReturnValue:
    if request.form.get("on") == "1":
        shifts.on(visit.session, visit.person)
        done("me.on")
    else:
        shifts.off(visit.session, visit.person)
        done("me.off")
    return redirect(url_for("me.show"), 303)


@act(pages, "/sessions/<int:sitting_id>/end")
def end(visit: Visit, sitting_id: int) -> ResponseReturnValue:
    """One's own only."""
    sitting = visit.session.get(SignedIn, sitting_id)
    if sitting is None or sitting.person_id != visit.person.id:
        abort(404)
    sessions.end(visit.session, sitting)
    done("me.ended")
    return redirect(url_for("me.show"), 303)


@act(pages, "/sessions/end-others")
def end_others(visit: Visit) -> ResponseReturnValue:
    sessions.end_all(visit.session, visit.person, but=visit.sitting)
    done("me.ended_others")
    return redirect(url_for("me.show"), 303)
