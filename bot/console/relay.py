"""A dispatcher asks whoever sent one report. The page knows a pseudonym; the phone reads "a volunteer"."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.console.doors import DISPATCHERS, Visit, act
from bot.console.refusals import done, or_back_to
from bot.moderation import relaying
from bot.reports.models import Report

pages = Blueprint("relay", __name__, url_prefix="/incidents/<int:incident_id>/reports/<pseudonym>")


@act(pages, "/ask", who=DISPATCHERS)
def ask(visit: Visit, incident_id: int, pseudonym: str) -> ResponseReturnValue:
    """`what`: a prepared question, or `own` with the words beside it."""
    theirs = select(Report).where(Report.incident_id == incident_id, Report.pseudonym == pseudonym)
    report = visit.session.scalars(theirs).one_or_none() or abort(404)
    page = f"{url_for('incident.show', incident_id=incident_id)}#report-{pseudonym}"
    with or_back_to(page):
        relaying.ask(visit.session, report, visit.person, request.form.get("what", ""), request.form.get("words", ""))
    done("relay.asked", pseudonym=pseudonym)
    return redirect(page, 303)
