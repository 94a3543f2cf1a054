"""Which texts stand in no incident, because nobody found out where? Those who dispatch give one its place."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import gloss, where
from bot.console.doors import DISPATCHERS, Visit, act, look
from bot.console.refusals import done, or_back_to
from bot.console.where import Meant
from bot.inbox.models import Conversation
from bot.moderation import placing
from bot.photos import showing
from bot.reports import unplaced
from bot.reports.models import Report
from bot.settings import settings

pages = Blueprint("unplaced", __name__, url_prefix="/unplaced")


@look(pages, "", who=DISPATCHERS)
def show(visit: Visit) -> ResponseReturnValue:
    return _page(visit, _number(request.args.get("page", "")))


@act(pages, "/<pseudonym>/place", who=DISPATCHERS)
def place(visit: Visit, pseudonym: str) -> ResponseReturnValue:
    """Kept once the place is clear; until then the page comes back with the choice."""
    back, meant = url_for("unplaced.show"), where.meant(request.form)
    report = visit.session.scalar(select(Report).where(Report.pseudonym == pseudonym)) or abort(404)
    if not meant.is_clear and unplaced.find(visit.session, pseudonym) is not None:
        return _one(visit, report, meant)
    with or_back_to(back):
        incident = placing.give(visit.session, pseudonym, meant.found, visit.person)
    if incident is None:
        done("unplaced.noted")
        return redirect(back, 303)
    done("unplaced.placed")
    return redirect(url_for("incident.show", incident_id=incident.id), 303)


def _page(visit: Visit, number: int) -> str:
    total, rows = unplaced.count(visit.session), settings().queue_screen_rows
    number = min(number, max(1, -(-total // rows)))
    facts = _facts(visit.session, unplaced.shown(visit.session, number))
    return render_template(
        "unplaced.html", **facts, total=total, page=number, more=total > number * rows, meant=Meant()
    )


def _one(visit: Visit, report: Report, meant: Meant) -> str:
    """Only the one whose place is not clear yet, with what was typed."""
    return render_template("unplaced.html", **_facts(visit.session, [report]), total=1, page=1, more=False, meant=meant)


def _facts(session: Session, reports: list[Report]) -> dict[str, object]:
    return {
        "reports": reports,
        "glosses": {report.id: gloss.without_place(report) for report in reports},
        "photos": showing.of_reports(session, [report.id for report in reports]),
        "asked": _asked(session, reports),
    }


def _asked(session: Session, reports: list[Report]) -> dict[int, str]:
    """Which question of ours about its place waits for an answer, if one does."""
    talks = select(Conversation).where(
        Conversation.contact_id.in_({one.contact_id for one in reports if one.contact_id})
    )
    open_ = {talk.contact_id: talk.open_question() for talk in session.scalars(talks)}
    found: dict[int, str] = {}
    for report in reports:
        question = open_.get(report.contact_id) if report.contact_id else None
        if question and question[1].get("report") == report.id and question[0] in placing.ASKED:
            found[report.id] = placing.ASKED[question[0]]
    return found


def _number(said: str) -> int:
    return max(1, int(said)) if said.isdecimal() and len(said) < 6 else 1
