"""Somebody adds to what they told: the report grows, and says more; it never becomes two."""

from bot.places.found import Found
from bot.reports import intake
from bot.reports.models import Report

MOST_LETTERS = 4000


def add(report: Report, text: str, place: Found | None = None) -> None:
    """Add a text to a report. What was already understood stays; what was missing is filled in."""
    if not text.strip():
        return
    report.keep(f"{report.text}\n{intake.redact(text)}".strip()[:MOST_LETTERS])
    fill_in(report, text, place)


def fill_in(report: Report, text: str, place: Found | None = None) -> None:
    """What a text says of SALUTE that the report did not say; its words are not the report's."""
    more = intake.read(text, report.language, place=place)
    report.size = report.size if report.size is not None else more.size or _bare_number(text)
    report.vehicles = report.vehicles if report.vehicles is not None else more.vehicles
    report.activity = report.activity or more.activity
    report.uniform = more.uniform if report.uniform == "unknown" else report.uniform
    if more.time_said:
        report.time = more.time
    if not more.first_hand:
        report.first_hand = False
    report.equipment = sorted({*report.equipment, *more.equipment})


def _bare_number(text: str) -> int | None:
    """`8`, as an answer to "how many?"."""
    said = text.strip(" .!")
    return int(said) if said.isdecimal() and len(said) <= 3 else None
