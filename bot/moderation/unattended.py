"""Which open incidents is nobody on? Whoever asks hears that nobody has checked, and not that we are trying to.

Somebody is on it who goes there, or may still say yes to being asked, or finds out another way; and what somebody looked at
was looked at, however little they could tell. What is folded is asked of nobody, until a dispatcher does.
"""

from collections.abc import Sequence

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.contacts.models import Contact
from bot.incidents.models import Incident
from bot.incidents.opening import this_round, this_witness_at
from bot.incidents.states import IncidentState
from bot.moderation import choices
from bot.moderation.asking_models import Asked, Choice, Page, Question
from bot.moderation.models import Claim, ClaimState, Finding, Saw
from bot.people.models import Person
from bot.settings import settings

NOT_LOOKED_AT = (IncidentState.UNCONFIRMED, IncidentState.VERIFYING)
"""A disputed or a confirmed one somebody saw."""


def among(session: Session, incidents: Sequence[Incident]) -> set[int]:
    """The ids of those, by one question for any number of them."""
    ids = [incident.id for incident in incidents if incident.state in NOT_LOOKED_AT]
    if not ids:
        return set()
    somebody = (_goes(), _may_go(), _finds_out_another_way(), _looked())
    nobody = select(Incident.id).where(Incident.id.in_(ids), *(~one.exists() for one in somebody))
    return set(session.scalars(nobody))


def _goes() -> Select[int]:
    return select(Claim.id).where(Claim.incident_id == Incident.id, Claim.state == ClaimState.HELD)


def _may_go() -> Select[int]:
    """They were asked and have not answered, a text reaches them, and their number for "going" still waits: it ends with the
    time it holds, and where somebody left because it is unsafe.
    """
    same = and_(Choice.incident_id == Page.incident_id, Choice.person_id == Page.person_id)
    number_waits = (Choice.act == choices.GOING, Choice.used_at.is_(None), Choice.expires_at > now())
    reached = (Person.revoked_at.is_(None), Contact.stopped_at.is_(None), Contact.suppressed.is_(None))
    return (
        select(Page.id)
        .join(Choice, same)
        .join(Person, Person.id == Page.person_id)
        .join(Contact, Contact.id == Person.contact_id)
        .where(Page.incident_id == Incident.id, Page.answered_at.is_(None), *number_waits, *reached)
    )


def _finds_out_another_way() -> Select[int]:
    """Whoever is on call chose so, a moment ago: they call a shop, a school."""
    return select(Question.id).where(
        Question.incident_id == Incident.id,
        Question.kind == Asked.DECIDE,
        Question.round == this_round(Incident),
        Question.answer == choices.SECOND_WAY,
        Question.answered_at > ago(minutes=settings().second_way_minutes),
    )


def _looked() -> Select[int]:
    """Who left because it is unsafe did not look. A new verifier did, though it is not counted."""
    return select(Finding.id).where(
        Finding.incident_id == Incident.id, Finding.saw != Saw.UNSAFE, Finding.found_at >= this_witness_at(Incident)
    )
