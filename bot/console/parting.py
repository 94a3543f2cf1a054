"""Some of these reports are about another place: which, and where? They get an incident of their own."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import where
from bot.console.doors import DISPATCHERS, Visit, act, look
from bot.console.refusals import done, say_here
from bot.console.where import Meant
from bot.incidents.models import Incident
from bot.moderation import splitting
from bot.moderation.refusals import Refused
from bot.reports import witnesses

pages = Blueprint("parting", __name__, url_prefix="/incidents/<int:incident_id>/split")


@look(pages, "", who=DISPATCHERS)
def ask(visit: Visit, incident_id: int) -> ResponseReturnValue:
    return _form(visit, _incident(visit, incident_id), Meant())


@act(pages, "", who=DISPATCHERS)
def split(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """Done once the place is clear; until then the form comes back as it was, with the choice."""
    incident, meant = _incident(visit, incident_id), where.meant(request.form)
    chosen = request.form.getlist("report")
    if not meant.is_clear:
        return _form(visit, incident, meant)
    try:
        target = splitting.split(visit.session, incident, chosen, meant.found, visit.person)
    except Refused as refused:
        say_here(refused)
        return _form(visit, incident, meant)
    done("split.done", code=target.code)
    return redirect(url_for("incident.show", incident_id=target.id), 303)


def _form(visit: Visit, incident: Incident, meant: Meant) -> str:
    return render_template(
        "split.html",
        incident=incident,
        reports=list(reversed(witnesses.reports_of(visit.session, incident))),
        chosen=request.form.getlist("report"),
        meant=meant,
    )


def _incident(visit: Visit, incident_id: int) -> Incident:
    return visit.session.get(Incident, incident_id) or abort(404)
