"""A dispatcher knows where it is, though the one who told of it never said: what follows? What follows from their answer."""

from sqlalchemy.orm import Session

from bot.inbox.models import Conversation
from bot.incidents.models import Incident
from bot.moderation import outcomes, paging
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.places.found import Found
from bot.privacy import audit
from bot.reports import matching, unplaced
from bot.reports.models import BRIGADE, Report
from bot.reports.spots import usable
from bot.store.alone import alone

ASKED = {"report_place": "where", "report_which": "which"}
"""Our questions about the place of a report."""


class PlaceRefused(Refused):
    """The report stands where it stood. `key` is a text of the console."""


def give(session: Session, pseudonym: str, found: Found, by: Person) -> Incident | None:
    """Join it to what is open there, or open that, and ask who is near to look; `None`: it was only asked about, by too few.

    Raises `PlaceRefused` when it has its place by now, or is history.
    """
    alone(session, matching.placing(pseudonym))  # of two who place it, the second hears that it has its place
    report = unplaced.find(session, pseudonym)
    if report is None:
        raise PlaceRefused("console.unplaced.over")
    if not usable(found):
        raise PlaceRefused("console.call.no_place")
    incident = matching.locate(session, report, found)
    _ask_no_more(session, report)
    audit.record(session, "report.placed", f"incident:{incident.id}" if incident else f"report:{pseudonym}", by.id)
    if incident is not None and report.set_aside not in BRIGADE:
        paging.page(session, incident)
    if incident is not None:
        outcomes.tell(session, incident)
    return incident


def _ask_no_more(session: Session, report: Report) -> None:
    """What they write next is no answer to "where?" any more."""
    talk = session.get(Conversation, report.contact_id) if report.contact_id is not None else None
    if talk is not None and talk.asked in ASKED and talk.about.get("report") == report.id:
        talk.answered()
