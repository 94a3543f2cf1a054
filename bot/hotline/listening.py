"""What did this person say, with what they said a moment ago? Reads only: nothing is written while we think."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.hotline.command import Command
from bot.hotline.inbound import Inbound
from bot.hotline.understanding import Understanding, understand
from bot.hotline.who import Who
from bot.inbox.models import InboundText
from bot.places import gazetteer
from bot.places.found import Found
from bot.subscriptions.joining import neighborhoods_of

PIECES_SECONDS = 120
"""People send one thought in several texts; these are read together (VOICE, "Never held back")."""

IN_WORDS = (
    "area",
    "which_area",
    "confirm_area",
    "report_place",
    "report_which",
    "report_more",
    "relayed",
    "check_where",
    "check_which",
)
"""Questions whose answer may be words of any kind: it stands alone. Topics and languages are chosen by number or name."""

TELLING = ("emergency", "report", "rumor_check")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, understood. `text` may hold the pieces before it."""

    message: Inbound
    text: str
    understood: Understanding
    pin: Found | None = None

    @property
    def language(self) -> str | None:
        """The language of this text, where that is clear."""
        return self.understood.language if self.understood.language_sure else None

    @property
    def found(self) -> Found | None:
        """The place that was named or pinned."""
        return self.pin or self.understood.found


def listen(session: Session, known: Who | None, message: Inbound) -> Heard:
    """Understand a message in the light of who wrote it and what they wrote just before."""
    language = known.contact.language if known else None
    hint = next(iter(neighborhoods_of(session, known.contact)), None) if known else None
    pin = gazetteer.from_pin(*message.pin) if message.pin else None
    asked = _asked(known, message)
    alone = understand(message.text, language, hint, answering=asked in IN_WORDS)
    if message.opted_out:
        return Heard(message, message.text, replace(alone, intent="command", command=Command("STOP")), pin)
    if known is None or asked in IN_WORDS or _is_heard_out(known, message) or not _could_be_a_piece(alone):
        return Heard(message, message.text, alone, pin)
    whole = " ".join([*_just_before(session, known.contact, message.at), message.text])
    together = understand(whole, language, hint)
    if whole != message.text and _says_more(together, alone):
        return Heard(message, whole, together, pin)
    return Heard(message, message.text, alone, pin)


def _could_be_a_piece(alone: Understanding) -> bool:
    """Commands and cries stand alone; so does an answer to our question."""
    return alone.command is None and alone.intent != "emergency"


def _asked(known: Who | None, message: Inbound) -> str | None:
    open_one = known.conversation.open_question(message.sent_at) if known and known.conversation else None
    return open_one[0] if open_one else None


def _is_heard_out(known: Who, message: Inbound) -> bool:
    """They have cried for help a moment ago: what follows is added to that, and read by a human piece by piece."""
    cried_at = known.conversation.emergency_at if known.conversation else None
    return cried_at is not None and cried_at > message.at - dt.timedelta(seconds=PIECES_SECONDS)


def _says_more(together: Understanding, alone: Understanding) -> bool:
    if together.intent not in TELLING:
        return False
    return alone.intent not in TELLING or (together.found is not None and not (alone.found and alone.found.key))


def _just_before(session: Session, contact: Contact, at: dt.datetime) -> list[str]:
    since = at - dt.timedelta(seconds=PIECES_SECONDS)
    recent = session.scalars(_pieces(), {"contact": contact.id, "since": since, "until": at})
    return [text for text in reversed([kept.text for kept in recent]) if text]


@cache
def _pieces() -> Select[InboundText]:
    """The last few texts of a contact, newest first."""
    return (
        select(InboundText)
        .where(
            InboundText.contact_id == bindparam("contact"),
            InboundText.received_at > bindparam("since"),
            InboundText.received_at <= bindparam("until"),
        )
        .order_by(InboundText.received_at.desc(), InboundText.id.desc())
        .limit(3)
    )
