"""What do we know of one incident, how did we come to know it, and what can this person do now?"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.alerts import compose, correction, desk
from bot.console import changes, incident_page
from bot.console.doors import DISPATCHERS, Visit, act, look, watch
from bot.console.refusals import Refused, done, or_back_to
from bot.incidents.models import Incident
from bot.moderation import claims
from bot.moderation.models import Saw
from bot.outbox.models import Kind

LONGEST_WORDS = 300
ANSWERS: dict[str, tuple[Saw, str, str | None]] = {
    "ice": (Saw.IMMIGRATION, "ICE", None),
    "hsi": (Saw.IMMIGRATION, "HSI", None),
    "cbp": (Saw.IMMIGRATION, "CBP", None),
    "said_so": (Saw.IMMIGRATION, "immigration", None),
    "perhaps": (Saw.UNSURE, "", None),
    "police": (Saw.OTHER_POLICE, "", "police"),
    "tow_truck": (Saw.SOMETHING_ELSE, "", "tow_truck"),
    "ambulance": (Saw.SOMETHING_ELSE, "", "ambulance"),
    "film_crew": (Saw.SOMETHING_ELSE, "", "film_crew"),
    "construction": (Saw.SOMETHING_ELSE, "", "construction"),
    "security": (Saw.SOMETHING_ELSE, "", "security"),
    "other_agency": (Saw.SOMETHING_ELSE, "", "other_agency"),
    "drill": (Saw.SOMETHING_ELSE, "", "drill"),
    "nobody": (Saw.NOBODY, "", None),
    "gone": (Saw.GONE, "", None),
    "unsafe": (Saw.UNSAFE, "", None),
}
"""One tap says all that a verdict needs: what they saw, what identified it, or what it was instead."""
WAS = (
    "police",
    "other_agency",
    "drill",
    "tow_truck",
    "ambulance",
    "film_crew",
    "construction",
    "security",
    "something_else",
    "unfounded",
)
"""What a correction may say it was: the last parts of `outcomes.was_...`."""

pages = Blueprint("incident", __name__, url_prefix="/incidents/<int:incident_id>")


@look(pages, "")
def show(visit: Visit, incident_id: int) -> ResponseReturnValue:
    return render_template("incident.html", **_facts(visit, _incident(visit.session, incident_id)))


@watch(pages, "/known")
def known(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """The part that lives: state, reports, timeline."""
    incident = _incident(visit.session, incident_id)
    same = changes.unchanged(changes.of_the_desk(visit.session))
    return same or render_template("incident_known.html", **_facts(visit, incident))


@act(pages, "/claim")
def claim(visit: Visit, incident_id: int) -> ResponseReturnValue:
    with or_back_to(_address(incident_id)):
        claims.claim(visit.session, _incident(visit.session, incident_id), visit.person)
    done("incident.claimed")
    return _back(incident_id)


@act(pages, "/give-up")
def give_up(visit: Visit, incident_id: int) -> ResponseReturnValue:
    with or_back_to(_address(incident_id)):
        claims.give_up(visit.session, _incident(visit.session, incident_id), visit.person)
    done("incident.given_up")
    return _back(incident_id)


@act(pages, "/finding")
def finding(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """What this person saw there with their own eyes, and what follows from it."""
    answer = ANSWERS.get(request.form.get("saw", ""))
    if answer is None:
        raise Refused(_address(incident_id), "console.refused.choose")
    saw, uniform, was = answer
    words = request.form.get("words", "").strip()[:LONGEST_WORDS]
    incident = _incident(visit.session, incident_id)
    with or_back_to(_address(incident_id)):
        desk.found(visit.session, incident, visit.person, saw, words, uniform=uniform, was=was)
    done("incident.found")
    return _back(incident_id)


@act(pages, "/propose", who=DISPATCHERS)
def propose(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """Ask for an update or an `over`; another person releases it."""
    kind = request.form.get("kind", "")
    if kind not in (Kind.UPDATE, Kind.OVER):
        raise Refused(_address(incident_id), "console.refused.choose")
    with or_back_to(_address(incident_id)):
        alert = compose.propose(visit.session, _incident(visit.session, incident_id), Kind(kind), visit.person)
    done("incident.proposed")
    return redirect(url_for("alert.show", alert_id=alert.id), 303)


@act(pages, "/doubt", who=DISPATCHERS)
def doubt(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """One person stops the copies that have not left and says that we doubt it."""
    with or_back_to(_address(incident_id)):
        correction.halt_and_doubt(visit.session, _incident(visit.session, incident_id), visit.person)
    done("incident.doubted")
    return _back(incident_id)


@act(pages, "/correction", who=DISPATCHERS)
def correct(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """Ask for a correction; another person releases it."""
    with or_back_to(_address(incident_id)):
        alert = correction.propose_correction(
            visit.session, _incident(visit.session, incident_id), visit.person, request.form.get("was", "")
        )
    done("incident.proposed")
    return redirect(url_for("alert.show", alert_id=alert.id), 303)


def _facts(visit: Visit, incident: Incident) -> dict[str, object]:
    facts = incident_page.of(visit, incident, every="every" in request.args)
    return {**facts, "answers": tuple(ANSWERS), "wases": WAS}


def _incident(session: Session, incident_id: int) -> Incident:
    return session.get(Incident, incident_id) or abort(404)


def _address(incident_id: int) -> str:
    return url_for("incident.show", incident_id=incident_id)


def _back(incident_id: int) -> ResponseReturnValue:
    return redirect(_address(incident_id), 303)
