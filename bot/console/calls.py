"""Somebody called, or it was heard on a radio: a dispatcher writes it down, and it becomes a report like any other."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.console import where
from bot.console.doors import DISPATCHERS, Visit, act, look
from bot.console.refusals import done, say_here
from bot.console.where import Meant
from bot.moderation import by_phone
from bot.moderation.by_phone import Call
from bot.moderation.refusals import Refused
from bot.reports.salute import ACTIVITIES, EQUIPMENT

pages = Blueprint("calls", __name__, url_prefix="/calls")


@look(pages, "/new", who=DISPATCHERS)
def ask(visit: Visit) -> ResponseReturnValue:
    return _form(Meant())


@act(pages, "", who=DISPATCHERS)
def write_down(visit: Visit) -> ResponseReturnValue:
    """Kept once the place is clear; until then the form comes back as it was, with the choice."""
    meant = where.meant(request.form)
    if not meant.is_clear:
        return _form(meant)
    try:
        report = by_phone.write_down(visit.session, _call(meant), visit.person)
    except Refused as refused:
        say_here(refused)
        return _form(meant)
    done("call.kept")
    return redirect(url_for("incident.show", incident_id=report.incident_id), 303)


def _form(meant: Meant) -> str:
    return render_template(
        "call.html",
        meant=meant,
        sent=request.form or MultiDict(),
        sources=by_phone.BY,
        uniforms=by_phone.UNIFORMS,
        activities=ACTIVITIES,
        things=EQUIPMENT,
        times=by_phone.TIMES,
        kinds=by_phone.vehicle_kinds(),
        colours=by_phone.vehicle_colours(),
        longest=by_phone.LONGEST_WORDS,
    )


def _call(meant: Meant) -> Call:
    form = request.form
    return Call(
        source=form.get("source", ""),
        place=meant.found,
        first_hand=form.get("saw") == "self",
        size=_count(form.get("size", "")),
        activity=form.get("activity") or None,
        uniform=form.get("uniform") or "unknown",
        time=form.get("time") or "now",
        vehicles=_count(form.get("vehicles", "")),
        vehicle_kind=form.get("kind") or None,
        vehicle_colour=form.get("colour") or None,
        equipment=form.getlist("equipment"),
        words=form.get("words", ""),
    )


def _count(said: str) -> int | None:
    """Nothing is nothing said; what is no number is one that no rule lets pass."""
    said = said.strip()
    return None if not said else int(said) if said.isdecimal() and len(said) < 6 else -1
