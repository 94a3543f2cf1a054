"""My own things: shift, language, and where I am signed in."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import Visit, act, look, watch
from bot.console.refusals import done
from bot.console.words import CHOICES
from bot.people import passkeys, sessions, shifts
from bot.people.models import PersonArea, SignedIn
from bot.places import neighborhoods
from bot.privacy import audit

pages = Blueprint("me", __name__, url_prefix="/me")


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template(
        "me.html",
        proved=sessions.is_proved(visit.sitting),
        areas=[area.id for area in neighborhoods.all_neighborhoods()],
        keys=len(passkeys.of(visit.session, visit.person)),
        sessions=sessions.open_ones(visit.session, visit.person),
        on=visit.person.id in {person.id for person in shifts.on_shift(visit.session)},
    )


@watch(pages, "/here")
def here(_visit: Visit) -> ResponseReturnValue:
    """Still one of us: every open page asks (static/here.js), so that an ended session ends on the screen too."""
    return Response(status=204)


@act(pages, "/language")
def speak(visit: Visit) -> ResponseReturnValue:
    """The console's language, which is also that of the texts we send this person."""
    if request.form.get("language") in CHOICES:
        visit.person.language = request.form["language"]
    return redirect(url_for("me.show"), 303)


@act(pages, "/areas")
def areas(visit: Visit) -> ResponseReturnValue:
    """Where they could go and look: their own word."""
    chosen = {area.id for area in neighborhoods.all_neighborhoods()} & set(request.form.getlist("neighborhoods"))
    visit.person.areas = [PersonArea(neighborhood=area) for area in sorted(chosen)]
    audit.record(visit.session, "person.areas", f"person:{visit.person.id}", visit.person.id)
    done("me.areas_kept")
    return redirect(url_for("me.show"), 303)


@act(pages, "/shift")
def shift(visit: Visit) -> ResponseReturnValue:
    on_or_off(visit)
    return redirect(url_for("me.show"), 303)


def on_or_off(visit: Visit) -> None:
    """ON and OFF, as by text."""
    if request.form.get("on") == "1":
        shifts.on(visit.session, visit.person)
        done("me.on")
    else:
        shifts.off(visit.session, visit.person)
        done("me.off")


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
