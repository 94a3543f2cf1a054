"""What do we know of one incident, how did we come to know it, and what can this person do now?"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import compose, correction
from bot.alerts.models import Alert
from bot.console import changes, timeline
from bot.console.doors import DISPATCHERS, Visit, act, look, watch
from bot.console.refusals import Refused, done, or_back_to
from bot.incidents.models import Incident
from bot.moderation import claims, findings
from bot.moderation.models import Claim, ClaimState, Saw
from bot.outbox.models import Kind
from bot.reports.models import Report

pages = Blueprint("incident", __name__, url_prefix="/incidents/<int:incident_id>")


@look(pages, "")
def show(visit: Visit, incident_id: int) -> ResponseReturnValue:
    return render_template("incident.html", **_page(visit, _incident(visit.session, incident_id)))


@watch(pages, "/known")
def known(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """The part that lives: state, reports, timeline."""
    incident = _incident(visit.session, incident_id)
    same = changes.unchanged(changes.of_the_desk(visit.session))
    return same or render_template("incident_known.html", **_page(visit, incident))


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
    """What this person saw there with their own eyes."""
    saw = request.form.get("saw", "")
    if saw not in set(Saw):
        raise Refused(_address(incident_id), "refused.choose")
    with or_back_to(_address(incident_id)):
        findings.find(
            visit.session,
            _incident(visit.session, incident_id),
            visit.person,
            Saw(saw),
            request.form.get("words", "").strip()[:300],
        )
    done("incident.found")
    return _back(incident_id)


@act(pages, "/propose", who=DISPATCHERS)
def propose(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """Ask for an update or an `over`; another person releases it."""
    kind = request.form.get("kind", "")
    if kind not in (Kind.UPDATE, Kind.OVER):
        raise Refused(_address(incident_id), "refused.choose")
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


def _page(visit: Visit, incident: Incident) -> dict[str, object]:
    session = visit.session
    alerts = list(session.scalars(select(Alert).where(Alert.incident_id == incident.id).order_by(Alert.id.desc())))
    held = list(session.scalars(select(Claim).where(Claim.incident_id == incident.id, Claim.state == ClaimState.HELD)))
    return {
        "mark": changes.of_the_desk(session),
        "incident": incident,
        "reports": list(
            session.scalars(select(Report).where(Report.incident_id == incident.id).order_by(Report.received_at.desc()))
        ),
        "entries": timeline.of(session, incident),
        "alerts": alerts,
        "claims": held,
        "mine": any(claim.person_id == visit.person.id for claim in held),
        "saws": list(Saw),
        "dispatches": visit.person.may_dispatch,
        "told": any(alert.broadcast.release and alert.kind in (Kind.ALERT, Kind.UPDATE) for alert in alerts),
    }


def _incident(session: Session, incident_id: int) -> Incident:
    return session.get(Incident, incident_id) or abort(404)


def _address(incident_id: int) -> str:
    return url_for("incident.show", incident_id=incident_id)


def _back(incident_id: int) -> ResponseReturnValue:
    return redirect(_address(incident_id), 303)
