"""What do those who told us hear? Each step once, in their language, and never "confirmed" before it was released.

Promise 10: everyone who reported hears what became of it. Those who only asked hear what it was when it was something else,
and that we were wrong when we were.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import describing
from bot.moderation.dispatch_models import Regrouped
from bot.moderation.texting import at
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Kind, Lane, Release
from bot.reports.models import Report, ReportKind
from messages import catalog, languages

S = IncidentState
CHECKING, TOLD, OVER, WAS, NOT_SEEN, COULD_NOT, WRONG = (
    "checking",
    "told",
    "over",
    "was",
    "not_seen",
    "unverifiable",
    "wrong",
)
CLOSED = {S.DEBUNKED: WAS, S.NOT_SEEN: NOT_SEEN, S.UNVERIFIABLE: COULD_NOT, S.RETRACTED: WRONG}
UNSURE_AFTER = "unsure_after"
"""Told, and nobody could be sure of it later: who heard that it was confirmed does not hear that nobody checked."""
ASKERS_HEAR = (WAS, NOT_SEEN, COULD_NOT, UNSURE_AFTER, TOLD, OVER, WRONG)
ANSWER_MINUTES = 6 * 60


@dataclass(frozen=True, slots=True)
class Told:
    """What was let out of this incident, and how far it has gone."""

    kinds: tuple[Kind, ...]
    """In the order in which they were let out."""
    by_one: bool = False
    """All of it that says "they are there" one person let out alone, at night."""

    @property
    def alert(self) -> bool:
        return Kind.ALERT in self.kinds or Kind.UPDATE in self.kinds

    @property
    def in_doubt(self) -> bool:
        """The last word of us is that we are not sure; an update after a doubt takes it back."""
        return self.kinds[-1:] == (Kind.DOUBT,)


def tell(session: Session, incident: Incident) -> int:
    """Tell everyone who is owed it where the incident stands. Called again, it tells nobody twice."""
    word = standing(session, incident)
    if word is None:
        return 0
    key = _key(session, incident, word)
    reached: set[int] = set()
    brought = _brought(session, incident)
    for report in _waiting(session, incident, word):
        report.told, report.told_at = word, now()
        contact = session.get(Contact, report.contact_id) if report.contact_id else None
        if contact is None or contact.is_stopped or contact.id in reached:
            continue
        said = _said(incident, report, contact, word, key)
        if report.id in brought and _is_what_they_heard(session, report, contact, said):
            continue
        reached.add(contact.id)
        answers.write_down(session, said)
    session.flush()
    return len(reached)


def owed(session: Session, incident: Incident) -> bool:
    """Whether somebody waits for an answer that `tell` would give."""
    word = standing(session, incident)
    return word is not None and bool(_waiting(session, incident, word))


def standing(session: Session, incident: Incident) -> str | None:
    """Where it stands for those who told us: a key's last part; `None` while there is nothing new to say."""
    out = released(session, incident)
    if incident.state is S.UNVERIFIABLE and out.alert:
        return UNSURE_AFTER
    if incident.state in CLOSED:
        return WRONG if incident.state is S.RETRACTED and out.alert else CLOSED[incident.state]
    if incident.state is S.ENDED:
        return _ended(incident, out)
    if incident.state is S.CONFIRMED and out.alert and not out.in_doubt:
        return TOLD
    return None if incident.state in (S.UNCONFIRMED, S.MERGED) or out.alert else CHECKING


def _ended(incident: Incident, out: Told) -> str | None:
    """Over by two people's word; or what was let out of it ran out, in doubt or not; or it was never let out."""
    if Kind.OVER in out.kinds:
        return OVER
    if out.alert:
        return UNSURE_AFTER if out.in_doubt else TOLD
    return NOT_SEEN if incident.was_gone_at_last_look else COULD_NOT


def released(session: Session, incident: Incident) -> Told:
    """Which kinds of message about it two people let out (and a doubt, which one may; and an alert at night)."""
    of_this = select(Release.kind, Release.night).where(Release.incident_id == incident.id)
    out = session.execute(of_this.order_by(Release.released_at, Release.broadcast_id)).all()
    there = [night for kind, night in out if kind in (Kind.ALERT, Kind.UPDATE)]
    return Told(tuple(kind for kind, _ in out), by_one=bool(there) and None not in there)


def _waiting(session: Session, incident: Incident, word: str) -> list[Report]:
    behind = select(Report).where(Report.incident_id == incident.id, Report.told.is_distinct_from(word))
    found = session.scalars(behind.order_by(Report.id))
    return [report for report in found if report.kind is not ReportKind.RUMOR or word in ASKERS_HEAR]


def _key(session: Session, incident: Incident, word: str) -> str:
    """By whose word: a named source's, one person's at night, or what ours saw and two let out. After its time ran out nobody
    reads for the first time that it was confirmed, as if it were so now.
    """
    if word == TOLD and incident.state is S.ENDED:
        return f"outcomes.{UNSURE_AFTER}"
    if word == TOLD and released(session, incident).by_one:
        return "outcomes.told_by_one"
    return "outcomes.by_word" if word == WAS and incident.word_of else f"outcomes.{word}"


def _said(incident: Incident, report: Report, contact: Contact, word: str, key: str) -> list[Delivery]:
    """What they are to hear, written down nowhere yet."""
    language = language_of(contact, report)
    return answers.in_full(
        contact,
        key,
        reason=Reason.REPORTED,
        lane=Lane.REPLY,
        language=language,
        minutes=ANSWER_MINUTES,
        place=spoken(incident, language),
        time=at(_moment(incident, word), language),
        was=catalog.text(f"outcomes.was_{incident.was or 'something_else'}", language),
        **describing.source(incident, language),
    )


def _brought(session: Session, incident: Incident) -> set[int]:
    """Its reports that were of another incident before."""
    came = select(Regrouped.report_id).join(Report, Report.id == Regrouped.report_id)
    return set(session.scalars(came.where(Report.incident_id == incident.id)))


def _is_what_they_heard(session: Session, report: Report, contact: Contact, said: list[Delivery]) -> bool:
    """Whether the last outcome since they told this, of whatever incident it was then, says the very same."""
    answers_of, _ = Delivery.of_contact(contact.id)
    since = and_(Delivery.key.startswith("outcomes."), Delivery.created_at >= report.received_at)
    last = session.scalars(select(Delivery).where(answers_of, since).order_by(Delivery.id.desc()).limit(1)).first()
    return last is not None and bool(last.values) and answers.rendered(last) == answers.rendered(said[0])


def _moment(incident: Incident, word: str) -> dt.datetime:
    if word == WAS and incident.word_of:
        return incident.closed_at or now()
    if word in (NOT_SEEN, WAS, OVER):
        return incident.looked_at or incident.closed_at or now()
    return now()


def language_of(contact: Contact, report: Report) -> str:
    """The one they chose, else the one they wrote in; always one we speak."""
    for code in (contact.language, report.language):
        if code and languages.is_complete(code):
            return languages.base(code)
    return languages.chain(contact.language or report.language)[-1]
