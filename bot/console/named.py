"""What do we call a thing that the rooms below know by a name? An activity, a uniform, a failure, a reason."""

from bot.console.words import language, listed, say
from bot.reports.models import Report
from bot.settings import settings
from messages import catalog

NOT_SAID = "·"


def word(group: str, name: str | None) -> str:
    """The word for `name` in one of the console's groups (`uniform`, `failure` ...). What was not said is a dot."""
    if not name:
        return NOT_SAID
    try:
        return say(f"{group}.{name}")
    except catalog.MessageError:  # a name newer than our words for it: better than no page
        return name.replace("_", " ")


def reason(key: str) -> str:
    """Why a rule says no, or why an incident is urgent: a key of the room that says so."""
    values = {"minutes": settings().finding_fresh_minutes}
    return catalog.text(key, language(), **values)


def refusal(key: str, **values: object) -> str:
    """Why a rule said no, with the values it gave."""
    return catalog.text(key, language(), **values)


def equipment(report: Report) -> str:
    """What they carry and drive, in words."""
    things = [say(f"equipment.{thing}") for thing in report.equipment]
    if report.vehicles or report.vehicle_words:
        things.insert(0, _vehicles(report))
    return listed(things) or NOT_SAID


def _vehicles(report: Report) -> str:
    count = say("vehicles", count=report.vehicles) if report.vehicles else say("vehicles_some")
    kind, _, colour = (report.vehicle_words or "").partition(" ")
    seen = [catalog.text(f"intake.kind_{kind}", language())] if kind else []
    seen += [catalog.text(f"intake.colour_{colour}", language())] if colour else []
    return f"{count} ({', '.join(seen)})" if seen else count
