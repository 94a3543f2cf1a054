"""How do we write to somebody who cried for help? In their language, ahead of alerts, and not after their STOP."""

from typing import Any

from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.moderation.emergency_models import Emergency
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.reports.models import Report
from messages import languages

MINUTES = 30
"""Later it would be about another moment."""


def tell(
    session: Session, emergency: Emergency, key: str, *, reason: Reason = Reason.WROTE_TO_US, **values: Any
) -> Delivery | None:
    """One text of the catalog; `None` when none can reach them. After STOP they had their one reply when they wrote
    (VOICE, "Never a dead end").
    """
    report = session.get(Report, emergency.report_id)
    contact = session.get(Contact, report.contact_id) if report and report.contact_id else None
    if report is None or contact is None or contact.is_stopped:
        return None
    known = [code for code in (report.language, contact.language) if code and languages.is_complete(code)]
    language = languages.base(known[0]) if known else languages.chain(report.language)[-1]
    return answers.answer(
        session, contact, key, reason=reason, lane=Lane.PAGE, language=language, minutes=MINUTES, **values
    )
