"""What a dispatcher decides by hand: who looks, that two incidents are one, what it was by whose word, that nobody can tell."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console.doors import DISPATCHERS, Visit, act
from bot.console.refusals import Refused, done, or_back_to, say_here
from bot.incidents.models import Incident
from bot.moderation import one_hand, regrouping, ruling, sending_there
from bot.moderation.dispatch_models import Regrouping

pages = Blueprint("dispatching", __name__, url_prefix="/incidents/<int:incident_id>")


@act(pages, "/merge", who=DISPATCHERS)
def merge(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """This one becomes part of another, whose page is shown next."""
    into = request.form.get("into", "")
    if not into.isdecimal() or len(into) > 18:
        raise Refused(_address(incident_id), "console.refused.choose")
    away, target = _incident(visit, incident_id), visit.session.get(Incident, int(into))
    if target is None:
        raise Refused(_address(incident_id), "console.refused.choose")
    if one_hand.would_cover_a_school(visit.session, away, target):
        one_hand.stop(visit.session, target, visit.person)
        say_here(regrouping.RegroupRefused("console.merge.review_first", code=target.code))
        return redirect(_address(incident_id), 303)
    with or_back_to(_address(incident_id)):
        regrouping.merge(visit.session, away, target, visit.person)
    done("merge.done", code=target.code)
    return redirect(_address(target.id), 303)


@act(pages, "/merges/<int:regrouping_id>/undo", who=DISPATCHERS)
def undo(visit: Visit, incident_id: int, regrouping_id: int) -> ResponseReturnValue:
    made = visit.session.get(Regrouping, regrouping_id) or abort(404)
    if incident_id not in (made.from_id, made.into_id):
        abort(404)
    with or_back_to(_address(incident_id)):
        again = regrouping.undo(visit.session, made, visit.person)
    done("merge.undone")
    return redirect(_address(again.id), 303)


@act(pages, "/debunk", who=DISPATCHERS)
def debunk(visit: Visit, incident_id: int) -> ResponseReturnValue:
    form = request.form
    with or_back_to(_address(incident_id)):
        ruling.debunk(
            visit.session,
            _incident(visit, incident_id),
            visit.person,
            form.get("was", ""),
            form.get("word_of", ""),
            form.get("reference", ""),
        )
    done("ruling.debunked")
    return redirect(_address(incident_id), 303)


@act(pages, "/cannot-tell", who=DISPATCHERS)
def cannot_tell(visit: Visit, incident_id: int) -> ResponseReturnValue:
    with or_back_to(_address(incident_id)):
        ruling.cannot_tell(visit.session, _incident(visit, incident_id), visit.person, request.form.get("why", ""))
    done("ruling.could_not")
    return redirect(_address(incident_id), 303)


@act(pages, "/ask-verifiers", who=DISPATCHERS)
def ask_verifiers(visit: Visit, incident_id: int) -> ResponseReturnValue:
    with or_back_to(_address(incident_id)):
        asked = sending_there.ask(visit.session, _incident(visit, incident_id), visit.person)
    done("send.done", count=len(asked))
    return redirect(_address(incident_id), 303)


def _incident(visit: Visit, incident_id: int) -> Incident:
    return visit.session.get(Incident, incident_id) or abort(404)


def _address(incident_id: int) -> str:
    return url_for("incident.show", incident_id=incident_id)
