"""What may the one who took a cry for help do, and nobody else? Read where it is, answer in prepared words, ask for leave.

With the report, for all who read emergencies, a house number is a block. As they wrote it it stays locked in the inbox for a day,
and is shown to the one who took it until it is closed. Verifiers hear of a block only when the person in need has said yes.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.inbox import asking
from bot.inbox.models import InboundText
from bot.moderation import telling
from bot.moderation.emergency_models import Emergency
from bot.moderation.refusals import Refused
from bot.moderation.texting import text
from bot.outbox.delivery_models import Delivery, Reason
from bot.people.models import Person
from bot.privacy import audit
from bot.reports.models import Report
from bot.reports.redaction import redact, without_marks
from bot.settings import settings

MAY_LOOK = "may_look"
"""Our question: may volunteers know your block?"""

SAYINGS = ("streets", "call_911", "door", "children", "taken", "waiting", "goodbye")
"""What can be answered, in every language, with no word of the taker's own: `emergencies.say_*`."""

BEFORE_MINUTES = 2
"""What they wrote just before they cried belongs to it (texts come in pieces)."""

AGAIN_MINUTES = 2
"""A taker is told of further texts no more often than this."""


def addresses(session: Session, emergency: Emergency, person: Person) -> list[str]:
    """Where they say they are, less plates, phone numbers and mail addresses; empty for everybody but the one who took it."""
    report = session.get(Report, emergency.report_id)
    if not _is_theirs(emergency, person) or report is None or report.contact_id is None:
        return []
    since = min(report.received_at, emergency.opened_at) - dt.timedelta(minutes=BEFORE_MINUTES)
    written = select(InboundText).where(
        InboundText.contact_id == report.contact_id,
        InboundText.received_at > since,
        InboundText.received_at < emergency.opened_at + dt.timedelta(minutes=telling.MINUTES),
    )
    told = [without_marks(kept.text) for kept in session.scalars(written.order_by(InboundText.id))]
    return [text_ for text_ in told if text_ != redact(text_)]


def say(session: Session, emergency: Emergency, person: Person, what: str) -> None:
    """One of the prepared answers. It is known who sent which. Raises `Refused`."""
    _must_be_theirs(emergency, person)
    if what not in SAYINGS:
        raise Refused("console.emergency.nothing_said")
    telling.tell(session, emergency, f"emergencies.say_{what}", reason=Reason.RELAY)
    audit.record(session, f"emergency.said_{what}", f"emergency:{emergency.id}", person.id)


def ask_leave(session: Session, emergency: Emergency, person: Person) -> None:
    """Ask them, once, whether volunteers may know their block. Raises `Refused`."""
    _must_be_theirs(emergency, person)
    report = session.get(Report, emergency.report_id)
    if emergency.asked_leave_at is not None or report is None or report.contact_id is None:
        raise Refused("console.emergency.asked_already")
    if telling.tell(session, emergency, "emergencies.ask_leave", reason=Reason.RELAY) is None:
        raise Refused("console.emergency.unreachable")
    emergency.asked_leave_at = now()
    asking.conversation(session, report.contact_id).ask(MAY_LOOK, emergency=emergency.id)
    audit.record(session, "emergency.asked_leave", f"emergency:{emergency.id}", person.id)


def written_again(session: Session, emergency: Emergency) -> None:
    """More came from them: whoever took it hears so, now and then."""
    taker = session.get(Person, emergency.taken_by) if emergency.taken_by is not None else None
    if taker is None or taker.contact is None or emergency.closed_at is not None:
        return
    told = select(Delivery.id).where(
        Delivery.of_contact(taker.contact.id)[0], Delivery.key == "emergencies.again", Delivery.expires_at > now()
    )
    if session.scalar(told.limit(1)) is None:
        host = settings().public_host
        text(session, taker, "emergencies.again", reason=Reason.ALARM, minutes=AGAIN_MINUTES, host=host)


def _is_theirs(emergency: Emergency, person: Person) -> bool:
    return emergency.taken_by == person.id and emergency.closed_at is None


def _must_be_theirs(emergency: Emergency, person: Person) -> None:
    if not _is_theirs(emergency, person):
        raise Refused("console.emergency.not_yours")
