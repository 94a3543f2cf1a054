"""How did it go, and what is learned from it? One incident, to print and talk about: times, reach, what was seen; no names."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.clock import local
from bot.console import retold
from bot.console.doors import DISPATCHERS, Visit, act, look
from bot.console.refusals import done, or_back_to
from bot.console.retold import Account
from bot.console.words import language, say
from bot.incidents.models import Incident
from bot.moderation import lessons
from bot.places.neighborhoods import name_of

pages = Blueprint("after_action", __name__, url_prefix="/incidents/<int:incident_id>/after")

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")


@look(pages, "")
def show(visit: Visit, incident_id: int) -> ResponseReturnValue:
    incident = _incident(visit.session, incident_id)
    return render_template(
        "after_action.html",
        incident=incident,
        account=retold.of(visit.session, incident),
        lessons=lessons.of(visit.session, incident),
        longest=lessons.LONGEST,
        dispatches=visit.person.may_dispatch,
    )


@look(pages, "/table.csv")
def table(visit: Visit, incident_id: int) -> ResponseReturnValue:
    """For a spreadsheet: numbers and times that may be shared; no free text, no small counts, no corner that was never told."""
    incident = _incident(visit.session, incident_id)
    kept = io.StringIO()
    writer = csv.writer(kept)
    for row in _rows(incident, retold.of(visit.session, incident)):
        writer.writerow([_harmless(cell) for cell in row])
    headers = {"Content-Disposition": f'attachment; filename="{incident.code}.csv"'}
    return Response(kept.getvalue(), mimetype="text/csv; charset=utf-8", headers=headers)


@act(pages, "/lesson", who=DISPATCHERS)
def learn(visit: Visit, incident_id: int) -> ResponseReturnValue:
    incident = _incident(visit.session, incident_id)
    with or_back_to(_address(incident)):
        lessons.write(visit.session, incident, visit.person, request.form.get("words", ""))
    done("after.learned")
    return redirect(_address(incident), 303)


def _rows(incident: Incident, account: Account) -> Iterator[list[object]]:
    yield [say("after.csv_what"), say("after.csv_which"), say("after.csv_value")]
    yield [say("after.incident"), incident.code, account.place or ""]
    yield [say("after.outcome"), "", say(f"state.{incident.state}")]
    for area in incident.neighborhoods:
        yield [say("after.neighborhood"), "", name_of(area, language())]
    for milestone in account.milestones:
        yield [say("after.times"), milestone.words, _clock(milestone.at)]
        yield [say("after.seconds"), milestone.words, round(milestone.after_seconds)]
    yield [say("after.reports"), "", _count(account.reports)]
    for told in account.told:
        for name, number in told.counts.items():
            yield [say(f"kind.{told.kind}"), say(f"copies.{name}"), _count(number)]
        for part, number in told.parts.items():
            yield [say(f"kind.{told.kind}"), part, _count(number)]


def _count(number: int | None) -> object:
    return say("withheld.few") if number is None else number


def _clock(moment: dt.datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


def _harmless(cell: object) -> object:
    """A spreadsheet would run what begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


def _incident(session: Session, incident_id: int) -> Incident:
    return session.get(Incident, incident_id) or abort(404)


def _address(incident: Incident) -> str:
    return url_for("after_action.show", incident_id=incident.id)
