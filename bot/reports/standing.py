"""What were earlier first-hand reports of this number worth? Three counts under a keyed mark, and the band that follows.

It orders the queue, and nothing else: nobody is banned, nobody confirms anything, and nobody is shown whose number it is. Looked
and not seen says nothing about who told us: they may have left. Counts are older than `REPORTER_MEMORY_DAYS`: they count no more,
and after 180 days they are gone; DELETE takes them at once.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.privacy import marks
from bot.reports.models import Aside, Band, Report, ReporterStanding, ReportKind
from bot.settings import settings

PURPOSE = "standing"
WORTH = {
    IncidentState.ENDED: "confirmed",
    IncidentState.DEBUNKED: "something_else",
    IncidentState.NOT_SEEN: "not_seen",
}
"""What the end of an incident says of who told of it. What nobody could look at says nothing; what we took back neither."""
AT_ONCE = 500


def band(session: Session, contact: Contact | None) -> Band:
    """Before this report."""
    if contact is None:
        return Band.NEW
    known = session.get(ReporterStanding, marks.mark(PURPOSE, contact.tag))
    if known is None or known.counted_at < ago(days=settings().reporter_memory_days):
        return Band.NEW
    if known.something_else >= settings().mistaken_reports and known.something_else > known.confirmed:
        return Band.OFTEN_MISTAKEN
    return Band.KNOWN if known.confirmed >= settings().known_reports else Band.NEW


def settle(session: Session) -> int:
    """Add what ended incidents say of their reporters, once each; how many reports were weighed.

    Not before it can be reopened no more by a report: until then its end is no end.
    """
    ended = session.execute(_ended()).all()
    for tag, worth in _once_each(ended):
        _count(session, tag, worth)
    weighed = [one.id for one in ended]
    session.execute(update(Report).where(Report.id.in_(weighed)).values(weighed=True))
    return len(weighed)


def _ended() -> Any:
    """Theirs and first-hand; not copies of others, which they did not see themselves."""
    copies = (Aside.SAME_WORDS, Aside.COPIED)
    return (
        select(Report.id, Contact.tag, Report.incident_id, Incident.state)
        .join(Incident, Incident.id == Report.incident_id)
        .join(Contact, Contact.id == Report.contact_id)
        .where(
            Incident.state.in_(list(WORTH)),
            Incident.last_report_at > ago(days=2),
            Incident.closed_at <= ago(minutes=settings().match_window_minutes),
            Report.weighed.is_(False),
            Report.first_hand.is_(True),
            Report.kind == ReportKind.REPORT,
            Report.set_aside.is_(None) | Report.set_aside.not_in(copies),
        )
        .order_by(Report.id)
        .limit(AT_ONCE)
    )


def _once_each(ended: Iterable[Row[Any]]) -> list[tuple[bytes, str]]:
    """One number counts once for one incident, however often it told of it."""
    return list({(one.tag, one.incident_id): (one.tag, WORTH[one.state]) for one in ended}.values())


def _count(session: Session, tag: bytes, worth: str) -> None:
    mark = marks.mark(PURPOSE, tag)
    known = session.get(ReporterStanding, mark)
    if known is None:
        known = ReporterStanding(mark=mark, confirmed=0, something_else=0, not_seen=0)
        session.add(known)
    setattr(known, worth, getattr(known, worth) + 1)
    known.counted_at = now()
    session.flush()
