"""What waits? Emergencies above, with their clock; then incidents, the most urgent first, with the reasons in words."""

from collections import defaultdict

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert
from bot.console import changes
from bot.console.doors import Visit, act, look, watch
from bot.console.refusals import Refused, done
from bot.moderation import emergencies, queue
from bot.moderation.models import Claim, ClaimState, Emergency
from bot.people import shifts
from bot.people.models import Person
from bot.reports.models import Report

pages = Blueprint("queue", __name__)


@look(pages, "/")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template("queue.html", **_desk(visit))


@watch(pages, "/queue/rows")
def rows(visit: Visit) -> ResponseReturnValue:
    same = changes.unchanged(changes.of_the_desk(visit.session))
    return same or render_template("queue_rows.html", **_desk(visit))


@act(pages, "/emergencies/<int:emergency_id>/take", who=emergencies.READERS)
def take(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    if not emergencies.take(visit.session, emergency, visit.person):
        raise Refused(url_for("queue.show"), "console.emergency.other")
    done("emergency.yours")
    return redirect(url_for("queue.show"), 303)


@act(pages, "/emergencies/<int:emergency_id>/close", who=emergencies.READERS)
def close(visit: Visit, emergency_id: int) -> ResponseReturnValue:
    """It is seen to; only who took it says so."""
    emergency = visit.session.get(Emergency, emergency_id) or abort(404)
    if emergency.taken_by != visit.person.id:
        raise Refused(url_for("queue.show"), "console.emergency.not_yours")
    emergencies.close(visit.session, emergency, visit.person)
    done("emergency.closed")
    return redirect(url_for("queue.show"), 303)


def _desk(visit: Visit) -> dict[str, object]:
    session = visit.session
    waiting = queue.waiting(session)
    return {
        "mark": changes.of_the_desk(session),
        "rows": waiting,
        "claims": _claims(session, [row.incident.id for row in waiting]),
        "to_release": set(session.scalars(select(Alert.incident_id).where(Alert.pending))),
        "emergencies": _emergencies(session),
        "reads_emergencies": visit.person.role in emergencies.READERS,
        "nobody_releases": not shifts.who_can_release(session),
    }


def _claims(session: Session, incident_ids: list[int]) -> defaultdict[int, list[Claim]]:
    held: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in session.scalars(
        select(Claim).where(Claim.state == ClaimState.HELD, Claim.incident_id.in_(incident_ids))
    ):
        held[claim.incident_id].append(claim)
    return held


def _emergencies(session: Session) -> list[dict[str, object]]:
    """The open ones with their report and who took them, the longest waiting first."""
    found = session.execute(
        select(Emergency, Report, Person)
        .join(Report, Report.id == Emergency.report_id)
        .outerjoin(Person, Person.id == Emergency.taken_by)
        .where(Emergency.closed_at.is_(None))
        .order_by(Emergency.opened_at)
    )
    return [{"emergency": emergency, "report": report, "taker": person} for emergency, report, person in found]
