"""One photo that somebody sent: shown to whoever may see what it belongs to, kept by no browser."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.console.doors import Visit, watch
from bot.moderation.emergency_models import Emergency
from bot.photos import showing
from bot.reports.models import Report, ReportKind

NAMED = 'inline; filename="photo.jpg"'
"""Shown, not saved: a download would stay on a volunteer's phone."""

pages = Blueprint("photo", __name__, url_prefix="/photos")


@watch(pages, "/<mark>.jpg")
def show(visit: Visit, mark: str) -> ResponseReturnValue:
    found = showing.asked_for(visit.session, mark)
    if found is None or not _may_see(visit, found[1]):
        abort(404)
    picture = found[0].picture
    if picture is None:
        abort(404)
    return Response(picture, mimetype="image/jpeg", headers={"Content-Disposition": NAMED})


def _may_see(visit: Visit, report: Report) -> bool:
    """An incident's reports are for all who are signed in. A picture of a door is an address: only for who took that cry."""
    if report.kind is not ReportKind.EMERGENCY:
        return report.incident_id is not None
    taken = select(Emergency.id).where(Emergency.report_id == report.id, Emergency.taken_by == visit.person.id)
    return visit.session.scalar(taken) is not None
