"""What may a dispatcher decide without a look? That it is something else, by a named source's word; that nobody can tell.

- **Debunked** needs a positive identification: what it was, and by whose word: a place that can be asked
  again, with a reference such as the number of a police call, never a person. Whoever hears it hears that we did not see it.
- It ends nothing that somebody saw: with one look at immigration agents in this round, only eyes decide. What was told to a
  neighborhood is taken back by two people, as a correction.
- **Unverifiable** by hand says why, and never while somebody is on the way.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.opening import reopened_at, witnessed_at
from bot.incidents.states import IncidentState, WordOf
from bot.incidents.told import was_told
from bot.moderation import claims, closing, findings, outcomes
from bot.moderation.dispatch_models import Ruling, WhyNot
from bot.moderation.models import Saw
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.privacy import audit

S = IncidentState
UNDECIDED = (S.UNCONFIRMED, S.VERIFYING)
WAS = (
    "police",
    "other_agency",
    "tow_truck",
    "ambulance",
    "security",
    "film_crew",
    "construction",
    "drill",
    "old_photo",
    "hoax",
)
"""What it can have been: the last parts of `outcomes.was_...`. "Nothing" is not among them: that is a look's to say."""
NEEDS_A_REFERENCE = (WordOf.POLICE_DESK, WordOf.PARTNER_NETWORK)
LONGEST_REFERENCE = 32

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./#-]*")
_LIKE_A_PHONE = re.compile(r"(?:\d[ ./#-]?){10,}|\d{3}[ .-]\d{4}(?!\d)")


class RulingRefused(Refused):
    """It is not a dispatcher's to decide, or the word lacks its source."""


def debunk(session: Session, incident: Incident, by: Person, was: str, word_of: str, reference: str = "") -> Ruling:
    """It was something else, as the source says. Raises `RulingRefused`."""
    hold(session, incident)
    _must_be_undecided(session, incident)
    if was not in WAS or word_of not in set(WordOf):
        raise RulingRefused("console.refused.choose")
    if any(one.saw is Saw.IMMIGRATION for one in findings.of(session, incident, witnessed_at(session, incident))):
        raise RulingRefused("console.ruling.seen")
    source, named = WordOf(word_of), _reference(reference)
    if source in NEEDS_A_REFERENCE and not named:
        raise RulingRefused("console.ruling.no_reference")
    incident.was, incident.word_of = was, source
    made = Ruling(incident_id=incident.id, person_id=by.id, at=now(), was=was, word_of=source, reference=named)
    return _close(session, incident, by, made, S.DEBUNKED, f"word_of_{source}")


def cannot_tell(session: Session, incident: Incident, by: Person, why: str) -> Ruling:
    """Nobody can find out, and why. Raises `RulingRefused`."""
    hold(session, incident)
    _must_be_undecided(session, incident)
    if why not in set(WhyNot):
        raise RulingRefused("console.refused.choose")
    if claims.holders(session, incident):
        raise RulingRefused("console.ruling.somebody_goes")
    made = Ruling(incident_id=incident.id, person_id=by.id, at=now(), why=WhyNot(why))
    return _close(session, incident, by, made, S.UNVERIFIABLE, f"by_hand_{why}")


def is_open_to(incident: Incident) -> bool:
    """Whether there is anything for a dispatcher to decide."""
    return incident.state in UNDECIDED


def latest(session: Session, incident: Incident) -> Ruling | None:
    """What a dispatcher decided last, while it stands."""
    if incident.state not in (S.DEBUNKED, S.UNVERIFIABLE):
        return None
    made = select(Ruling).where(Ruling.incident_id == incident.id).order_by(Ruling.id.desc()).limit(1)
    last = session.scalars(made).first()
    return last if last is not None and last.at >= reopened_at(session, incident) else None


def _close(session: Session, incident: Incident, by: Person, made: Ruling, state: IncidentState, why: str) -> Ruling:
    session.add(made)
    closing.close(session, incident, state, by.id, why)
    audit.record(session, f"incident.ruled.{state}", f"incident:{incident.id}", by.id, why)
    outcomes.tell(session, incident)
    return made


def _must_be_undecided(session: Session, incident: Incident) -> None:
    if was_told(session, incident):
        raise RulingRefused("console.ruling.told")
    if incident.state not in UNDECIDED:
        raise RulingRefused("console.ruling.decided")


def _reference(said: str) -> str:
    """What to name when asked again: letters, digits and a few signs, and nothing like a phone number."""
    named = " ".join(said.split())
    if named and (len(named) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(named) or _LIKE_A_PHONE.search(named)):
        raise RulingRefused("console.ruling.reference")
    return named
