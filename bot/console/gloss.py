"""What does a report say, in the reader's own language? Its SALUTE in plain words, read out by rules; no translation."""

from dataclasses import dataclass

from bot.console import named
from bot.console.words import language, listed, say
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.moderation.models import Finding
from bot.places.labels import label
from bot.reports.models import Report
from messages import catalog


@dataclass(frozen=True)
class Row:
    """One line of the SALUTE table: what one person said, or saw."""

    who: str
    kind: str
    """`report` or `finding`: a volunteer's look weighs what a hundred reports do not."""
    anchor: str
    said: tuple[str, ...]
    """Size, activity, location, uniform, time, equipment."""


def of_report(report: Report, incident: Incident) -> str:
    """`8 ICE agents, taking people, 2 vehicles (van, white), Pacific & Florence, now`."""
    return _said(report, place(report, incident))


def without_place(report: Report) -> str:
    """The same of one whose place nobody found."""
    return _said(report, "")


def _said(report: Report, where: str) -> str:
    parts = [_who(report), named.word("activity", report.activity), named.equipment(report), where]
    if report.time != "unspecified":
        parts.append(named.word("said_time", report.time))
    return listed([part for part in parts if part and part != named.NOT_SAID])


def place(report: Report, incident: Incident) -> str:
    """Where they say it is, which need not be where the incident is."""
    if not report.place_key:
        return spoken(incident, language())
    said = label(report.place_key, language())
    return spoken(incident, language()) if said == report.place_key else said


def rows(incident: Incident, reports: list[Report], looks: list[Finding]) -> list[Row]:
    """Looks first, then reports, each newest first."""
    return [
        *(_look(look, incident) for look in reversed(looks)),
        *(_told(report, incident) for report in reports),
    ]


def _who(report: Report) -> str:
    uniform = report.uniform.lower()
    if report.size is None:
        return catalog.text(f"intake.agency_{uniform}", language())
    return catalog.text(f"intake.people_{uniform}", language(), count=report.size)


def _told(report: Report, incident: Incident) -> Row:
    said = (
        named.NOT_SAID if report.size is None else str(report.size),
        named.word("activity", report.activity),
        place(report, incident),
        named.word("uniform", report.uniform),
        named.word("said_time", report.time),
        named.equipment(report),
    )
    return Row(report.pseudonym, "report", f"report-{report.pseudonym}", said)


def _look(look: Finding, incident: Incident) -> Row:
    """Of what a volunteer saw only its agency and number are read; the rest stands in their own words."""
    said = (
        named.NOT_SAID if look.size is None else str(look.size),
        say(f"saw.{look.saw}"),
        spoken(incident, language()),
        named.word("uniform", look.uniform),
        "",
        named.NOT_SAID,
    )
    return Row(look.person.name, "finding", "timeline", said)
