"""What goes on where, now and lately? The neighborhoods on our own map, and a list beside it that says the same in words."""

from collections import defaultdict
from typing import Any, NamedTuple

from flask import Blueprint, Flask, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts import live
from bot.alerts.models import Alert
from bot.console import changes, drawing, reached, withheld
from bot.console.doors import Visit, look, watch
from bot.console.history import LOOKED_AND, past
from bot.console.words import language, say
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.states import OPEN
from bot.places.neighborhoods import all_neighborhoods, name_of
from bot.subscriptions import listening

pages = Blueprint("places", __name__, url_prefix="/map")

PERIODS = (30, 90, 365)
LISTED = 5
"""Incidents of a neighborhood that are named; of others their number."""
MOST = 100
"""Behind so many in one neighborhood nobody counts on a map."""


class Row(NamedTuple):
    """One neighborhood now."""

    area: str
    told: list[Alert]
    incidents: list[Incident]
    more: int
    hear: int | None
    """How many hear of it; `None` where few do, or nobody has counted yet."""
    few: bool

    @property
    def how(self) -> str:
        return "told" if self.told else "checking" if self.incidents else "quiet"


@look(pages, "")
def show(visit: Visit) -> ResponseReturnValue:
    return render_template("places.html", **_now(visit.session), drawn=drawing.everything())


@watch(pages, "/rows")
def rows(visit: Visit) -> ResponseReturnValue:
    """The list, which lives."""
    now = _now(visit.session)
    return changes.unchanged(str(now["mark"])) or render_template("places_rows.html", **now)


@watch(pages, "/now.json")
def now(visit: Visit) -> ResponseReturnValue:
    """The same for the map that a script draws."""
    known = _now(visit.session)
    same = changes.unchanged(str(known["mark"]))
    if same:
        return same
    answer = jsonify(
        areas={
            row.area: {"how": row.how, "name": name_of(row.area, language()), "says": _says(row)}
            for row in known["rows"]
        },
        spots=[_spot(incident) for incident in _each_once(known["rows"])],
    )
    answer.set_etag(str(known["mark"]))
    return answer


@look(pages, "/shapes.json")
def shapes(visit: Visit) -> ResponseReturnValue:
    """Our own outlines, which change with the program only."""
    return jsonify(type="FeatureCollection", features=drawing.as_geojson())


@look(pages, "/history")
def history(visit: Visit) -> ResponseReturnValue:
    days = request.args.get("days", PERIODS[1], type=int)
    days = days if days in PERIODS else PERIODS[1]
    return render_template(
        "places_history.html",
        past=past(visit.session, days),
        reached=reached.table(visit.session, days),
        days=days,
        periods=PERIODS,
        outcomes=tuple(LOOKED_AND),
    )


def teach(app: Flask) -> None:
    """Let an incident's page draw where it is."""
    app.jinja_env.globals.update(drawn_near=drawing.near)


def _now(session: Session) -> dict[str, Any]:
    found = _open_incidents(session)
    told: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in live.live(session):
        for area in alert.broadcast.neighborhoods:
            told[area].append(alert)
    hearing = listening.of_each(session)
    listed = []
    for each in all_neighborhoods():
        here, counted = found.get(each.id, []), hearing.get(each.id)
        few = counted is not None and withheld.small(counted.people)
        people = counted.people if counted is not None and not few else None
        listed.append(Row(each.id, told[each.id], here[:LISTED], max(0, len(here) - LISTED), people, few))
    listed.sort(key=lambda row: (not row.told, not row.incidents))
    facts = [(row.area, [a.id for a in row.told], [(i.id, i.step) for i in row.incidents], row[3:]) for row in listed]
    return {"rows": listed, "mark": changes.mark([language(), *facts])}


def _open_incidents(session: Session) -> dict[str, list[Incident]]:
    """By neighborhood, the latest told first: as many as are named, and one to know of more by."""
    latest = (
        func.row_number()
        .over(partition_by=IncidentArea.neighborhood, order_by=(Incident.last_report_at.desc(), Incident.id.desc()))
        .label("place")
    )
    ranked = (
        select(IncidentArea.neighborhood, Incident.id.label("incident_id"), latest)
        .join(Incident, Incident.id == IncidentArea.incident_id)
        .where(Incident.state.in_(OPEN))
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.neighborhood, Incident)
        .join(Incident, Incident.id == ranked.c.incident_id)
        .where(ranked.c.place <= MOST)
        .order_by(ranked.c.neighborhood, ranked.c.place)
    )
    found: dict[str, list[Incident]] = {}
    for area, incident in rows:
        found.setdefault(area, []).append(incident)
    return found


def _each_once(rows: list[Row]) -> list[Incident]:
    """Those with a corner. One on a border stands in two rows, and on one spot."""
    return list({one.id: one for row in rows for one in row.incidents if one.latitude is not None}.values())


def _says(row: Row) -> str:
    """What the map says of a neighborhood, where somebody points at it."""
    parts = [name_of(row.area, language())]
    if row.told:
        parts.append(say("map.told", count=len(row.told)))
    if row.incidents:
        parts.append(say("map.open", count=len(row.incidents) + row.more))
    return "; ".join(parts)


def _spot(incident: Incident) -> dict[str, Any]:
    state = say(f"state.{incident.state}")
    return {
        "at": [incident.latitude, incident.longitude],
        "says": f"{incident.code}: {state}",
        "address": url_for("incident.show", incident_id=incident.id),
    }
