"""How does a volunteer talk to one reporter without a number? By a prepared question, or a short one that passes a check.

- Neither side learns anything of the other: here a reporter is a pseudonym, there a volunteer is "a volunteer".
- Each question says that no answer is owed. At most `RELAY_PER_HOUR` go to one person in an hour, whoever asks and about
  whichever report; never after STOP, and never over a question that an emergency waits for, or an answer of theirs to ours.
- A talk about one report ends `RELAY_HOURS` after its first question: what they write later is read like anybody's text.
- What they answer is kept with the question, redacted and locked as a report is; what it says of SALUTE fills in the report.
"""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.inbox import asking
from bot.inbox.models import RELAYED
from bot.incidents.places import spoken
from bot.moderation import outcomes
from bot.moderation.by_the_taker import MAY_LOOK
from bot.moderation.dispatch_models import OWN, Relayed
from bot.moderation.refusals import Refused
from bot.outbox import answers, own_words
from bot.outbox.delivery_models import Reason
from bot.outbox.models import Lane
from bot.people.models import Person
from bot.privacy import audit
from bot.reports import adding
from bot.reports.models import Report, ReportKind
from bot.reports.redaction import redact
from bot.settings import settings
from bot.store.alone import alone

PREPARED = ("still_there", "how_many", "where", "wearing", "doing", "when")
"""What can be asked in every language: the last parts of `relay.ask_...`."""
OURS_FIRST = (
    "report_place", "report_which", "area", "which_area", "confirm_area", "check_where", "check_which", "topics",
)  # fmt: skip
"""What we asked them ourselves, and what they write next must answer."""
QUESTION_MINUTES = 30
"""A question that could not leave by then is about another moment."""
LONGEST_ANSWER = 1000


class RelayRefused(Refused):
    """Nothing was asked."""


def ask(session: Session, report: Report, person: Person, what: str, words: str = "") -> Relayed:
    """Ask whoever sent this report. `what`: one of `PREPARED`, or `own` with the volunteer's words. Raises `RelayRefused`."""
    contact = _reachable(session, report)
    alone(session, f"relay:{contact.id}")  # two who ask at once are counted one after the other
    _must_be_in_time(session, report)
    if _asked_lately(session, contact) >= settings().relay_per_hour:
        raise RelayRefused("console.relay.enough", count=settings().relay_per_hour)
    language = outcomes.language_of(contact, report)
    _must_be_askable(what, words.strip(), language)
    asked = Relayed(report_id=report.id, person_id=person.id, what=what, asked_at=now(), ends_at=_ends(session, report))
    if what == OWN:
        asked.keep_question(words.strip())
    session.add(asked)
    session.flush()
    _say(session, contact, report, asked, language)
    asking.conversation(session, contact.id).ask(RELAYED, relayed=asked.id)
    audit.record(session, "relay.asked", f"incident:{report.incident_id}", person.id, f"{report.pseudonym} {what}")
    return asked


def heard(session: Session, relayed_id: int, text: str) -> Report | None:
    """What they answered; the report that it is about. `None`: that talk is over, or erased."""
    asked = session.get(Relayed, relayed_id)
    report = session.get(Report, asked.report_id) if asked else None
    if asked is None or report is None or asked.ends_at <= now():
        return None
    asked.answered_at = now()
    asked.keep_answer(f"{asked.answer}\n{redact(text)}".strip()[:LONGEST_ANSWER])
    adding.fill_in(report, text)
    return report


def may_be_asked(report: Report) -> bool:
    """Whether somebody could be asked at all: it came as a text, and its sender was not erased."""
    return report.contact_id is not None and report.kind is not ReportKind.EMERGENCY


def of(session: Session, report_ids: list[int]) -> dict[int, list[Relayed]]:
    """What was asked about each of these reports, oldest first."""
    threads: dict[int, list[Relayed]] = {report_id: [] for report_id in report_ids}
    for one in session.scalars(select(Relayed).where(Relayed.report_id.in_(report_ids)).order_by(Relayed.id)):
        threads[one.report_id].append(one)
    return threads


def _reachable(session: Session, report: Report) -> Contact:
    contact = session.get(Contact, report.contact_id) if may_be_asked(report) else None
    if contact is None or report.incident_id is None:
        raise RelayRefused("console.relay.no_way")
    if contact.is_stopped:
        raise RelayRefused("console.relay.stopped")
    question = asking.conversation(session, contact.id).open_question()
    if question is not None and question[0] == MAY_LOOK:
        raise RelayRefused("console.relay.emergency")
    if question is not None and question[0] in OURS_FIRST:
        raise RelayRefused("console.relay.busy")
    return contact


def _must_be_in_time(session: Session, report: Report) -> None:
    """Not long after they wrote, and not long after the first question about it."""
    begun = _begun_at(session, report) or report.received_at
    if begun <= ago(hours=settings().relay_hours):
        raise RelayRefused("console.relay.over")


def _ends(session: Session, report: Report) -> dt.datetime:
    return (_begun_at(session, report) or now()) + dt.timedelta(hours=settings().relay_hours)


def _begun_at(session: Session, report: Report) -> dt.datetime | None:
    return session.scalar(select(func.min(Relayed.asked_at)).where(Relayed.report_id == report.id))


def _asked_lately(session: Session, contact: Contact) -> int:
    lately = select(func.count()).select_from(Relayed).join(Report, Report.id == Relayed.report_id)
    return session.scalar(lately.where(Report.contact_id == contact.id, Relayed.asked_at > ago(hours=1))) or 0


def _must_be_askable(what: str, words: str, language: str) -> None:
    if what != OWN and what not in PREPARED:
        raise RelayRefused("console.refused.choose")
    why = own_words.trouble(words, language) if what == OWN else None
    if why is not None:
        raise RelayRefused(f"console.relay.refused_{why}")


def _say(session: Session, contact: Contact, report: Report, asked: Relayed, language: str) -> None:
    values: dict[str, Any] = {"place": spoken(report.incident, language)} if report.incident else {}
    if asked.what == OWN:
        values["question"] = asked.question
    answers.answer(
        session,
        contact,
        own_words.KEY if asked.what == OWN else f"relay.ask_{asked.what}",
        reason=Reason.RELAY,
        lane=Lane.REPLY,
        language=language,
        minutes=QUESTION_MINUTES,
        **values,
    )
