"""Nobody who could release is there: what may one senior verifier let out alone? And who looks at it the same day?"""

import datetime as dt

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.alerts import night, night_review
from bot.console.doors import Visit, act, look
from bot.console.refusals import Refused, done, or_back_to
from bot.incidents.models import Incident
from bot.outbox import drafting
from bot.people import sessions
from bot.people.models import Role

pages = Blueprint("night", __name__)


@look(pages, "/incidents/<int:incident_id>/night")
def show(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """The exact words, and every bound; or why not."""
    incident = _incident(visit.session, incident_id)
    offer = night.offer(incident, request.args.get("neighborhood", ""))
    return render_template(
        "night.html",
        incident=incident,
        offer=offer,
        renditions=drafting.measured(offer.texts),
        refusals=night.refusals(visit.session, incident, visit.person),
        proved=sessions.is_proved(visit.sitting),
    )


@act(pages, "/incidents/<int:incident_id>/night", proved="night.show")
def let_out(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """One hand, after proving who it is. The form carries the mark of the words that were read."""
    incident = _incident(visit.session, incident_id)
    back = url_for("night.show", incident_id=incident_id)
    with or_back_to(back):
        night.release(
            visit.session,
            incident,
            visit.person,
            neighborhood=request.form.get("neighborhood", ""),
            until=_moment(back),
            mark=_mark(back),
        )
    done("night.released")
    return redirect(url_for("incident.show", incident_id=incident_id), 303)


@look(pages, "/night")
def reviews(visit: Visit) -> ResponseReturnValue:
    """What one hand let out and nobody of another line has looked at yet."""
    waiting = [
        {
            "row": row,
            "incident": incident,
            "due_at": night_review.due_at(row),
            "refusals": night_review.refusals(row, visit.person),
        }
        for row, incident in night_review.waiting(visit.session)
    ]
    return render_template("night_reviews.html", waiting=waiting, proved=sessions.is_proved(visit.sitting))


@act(pages, "/night/<int:broadcast_id>/review", who=(Role.COORDINATOR,), proved="night.reviews")
def review(visit: Visit, broadcast_id: int) -> ResponseReturnValue:
    """A coordinator of another line says whether it should have gone out."""
    word = request.form.get("stands", "")
    if word not in ("yes", "no"):
        raise Refused(url_for("night.reviews"), "console.refused.choose")
    with or_back_to(url_for("night.reviews")):
        night_review.review(visit.session, broadcast_id, visit.person, stands=word == "yes")
    done(f"night.reviewed_{word}")
    return redirect(url_for("night.reviews"), 303)


def _incident(session: Session, incident_id: int) -> Incident:
    return session.get(Incident, incident_id) or abort(404)


def _moment(back: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise Refused(back, "alerts.refused_words_changed") from None
    if moment.tzinfo is None:
        raise Refused(back, "alerts.refused_words_changed")
    return moment


def _mark(back: str) -> bytes:
    try:
        return bytes.fromhex(request.form.get("words", ""))
    except ValueError:
        raise Refused(back, "alerts.refused_words_changed") from None
