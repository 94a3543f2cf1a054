"""How is what was reported said in a few words? From counts and slots only, never from anybody's text."""

from typing import Any

from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.reports import witnesses
from bot.reports.models import Report
from messages import catalog


def what(session: Session, incident: Incident, language: str) -> str:
    """`about 8 people, 2 vehicles (van, white), 3 reports`, as far as it is known."""
    reports = witnesses.reports_of(session, incident)
    seen = len(witnesses.independent(reports))
    parts = [_people(reports, language), _vehicles(reports, language)]
    parts += [
        catalog.text("pages.reports", language, count=seen) if seen else catalog.text("pages.only_asked", language)
    ]
    return ", ".join(part for part in parts if part)


def source(incident: Incident, language: str) -> dict[str, Any]:
    """By whose word it ended, where none of ours saw it; it fills the gap of that name."""
    return {"source": catalog.text(f"outcomes.by_{incident.word_of}", language)} if incident.word_of else {}


def _people(reports: list[Report], language: str) -> str:
    """The newest count anybody gave."""
    sizes = [report.size for report in reports if report.size]
    return catalog.text("pages.people", language, count=sizes[-1]) if sizes else ""


def _vehicles(reports: list[Report], language: str) -> str:
    told = [report for report in reports if report.vehicles or report.vehicle_words]
    if not told:
        return ""
    kind, _, colour = (told[-1].vehicle_words or "").partition(" ")
    seen = [catalog.text(f"intake.kind_{kind}", language)] if kind else []
    seen += [catalog.text(f"intake.colour_{colour}", language)] if colour else []
    if not seen:
        return catalog.text("pages.vehicles", language, count=told[-1].vehicles or 1)
    if told[-1].vehicles is None:
        return catalog.text("intake.some_vehicles", language, seen=", ".join(seen))
    return catalog.text("intake.vehicles", language, count=told[-1].vehicles, seen=", ".join(seen))
