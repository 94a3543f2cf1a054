"""How is a report written down? What they saw in words that can be compared, their text redacted and locked."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.reports.copies import marks, wording
from bot.reports.intake import Sighting, redact
from bot.reports.models import Report, ReportKind, short_id


def kept(
    session: Session,
    contact: Contact | None,
    text: str,
    language: str,
    kind: ReportKind,
    sighting: Sighting,
    at: dt.datetime,
) -> Report:
    report = Report(
        pseudonym=_free_id(session),
        kind=kind,
        contact_id=contact.id if contact else None,
        language=language,
        received_at=at,
        first_hand=sighting.first_hand and kind is not ReportKind.RUMOR,
        size=sighting.size,
        activity=sighting.activity,
        uniform=sighting.uniform,
        time=sighting.time,
        vehicles=sighting.vehicles,
        vehicle_words=_vehicle(sighting),
        equipment=list(sighting.equipment),
        words=marks(redact(text)),
        told="received",
        set_aside=None,  # said, or a change made by the database would not show in it
    )
    report.wording = wording(report.words, sighting.place.matched)
    report.keep(redact(text))
    return report


def _free_id(session: Session) -> str:
    """Six signs: of some thousands of reports two would have the same, and the second would be lost."""
    while session.scalar(select(Report.id).where(Report.pseudonym == (made := short_id()))) is not None:
        continue
    return made


def _vehicle(sighting: Sighting) -> str | None:
    """Kind and colour, as the keys of `intake` name them: `van white`."""
    words = " ".join(word for word in (sighting.vehicle_kind, sighting.vehicle_colour) if word)
    return words[:40] if sighting.vehicle_kind else None
