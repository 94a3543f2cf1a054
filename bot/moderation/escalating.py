"""Nobody goes: who must know, and who must choose?

After `ESCALATE_MINUTES` the coordinator on call hears it; after `DECIDE_MINUTES` they choose by number: wait, ask volunteers
again, find out another way, or close it as not checked. Unanswered, it is asked again, of dispatchers too, until time itself
closes it (`sweeping`). In a flood only the most urgent few are asked about at a time: more would be read by nobody, and the
queue shows them all.
"""

import datetime as dt
import itertools

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.incidents.holding import hold
from bot.incidents.models import Incident
from bot.incidents.opening import reopened_at, this_round
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.moderation import choices, claims, closing, ordering, outcomes, paging, questions, sending_there, verdicts
from bot.moderation.asking_models import Asked, Question
from bot.moderation.models import Claim, ClaimState
from bot.moderation.refusals import Refused
from bot.moderation.texting import at, text
from bot.outbox.delivery_models import Reason
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.settings import settings

S = IncidentState
WAITS_FOR_EYES = (S.UNCONFIRMED, S.DISPUTED)
MOST_AT_ONCE = 3
"""So many incidents are asked about within `FLOOD_MINUTES`."""
FLOOD_MINUTES = 10


def unclaimed(session: Session) -> list[int]:
    """Which nobody goes to, and nobody on call was told of."""
    untold = ~_asked(Asked.UNCLAIMED).exists()
    return _most_urgent(session, Asked.UNCLAIMED, settings().escalate_minutes, untold)


def tell_on_call(session: Session, incident: Incident) -> None:
    """`Nobody has gone to look for 5 min`: once in a round."""
    if not nobody_goes(session, incident) or questions.of(session, incident, Asked.UNCLAIMED):
        return
    for person in on_call(session):
        questions.keep(session, incident, person, Asked.UNCLAIMED)
        key = "pages.unsettled_watch" if incident.state is S.DISPUTED else "pages.unclaimed_watch"
        _text(session, incident, person, key, after=_waited(session, incident))


def undecided(session: Session) -> list[int]:
    """Of which somebody must choose now."""
    return _most_urgent(
        session, Asked.DECIDE, settings().decide_minutes, ~_asked(Asked.DECIDE).where(_still_holds()).exists()
    )


def ask_to_decide(session: Session, incident: Incident) -> None:
    """`Text 4471 wait, 3306 ask volunteers again, 8120 I find out another way, 5536 close it`: numbers only for those on call."""
    asked = questions.of(session, incident, Asked.DECIDE)
    if not nobody_goes(session, incident) or session.scalar(
        _asked(Asked.DECIDE, incident).where(_still_holds()).limit(1)
    ):
        return
    choices.close(session, incident=incident, acts=choices.WHEN_NOBODY_GOES)
    for person in paging.watchers(session, paging.WATCHERS) if asked else on_call(session):
        questions.keep(session, incident, person, Asked.DECIDE)
        numbers = {
            act: choices.give(session, person, act, incident=incident, minutes=settings().unverifiable_minutes)
            for act in choices.WHEN_NOBODY_GOES
        }
        key = "pages.decide_unsettled" if incident.state is S.DISPUTED else "pages.decide"
        _text(session, incident, person, key, after=_waited(session, incident), **numbers)


def decide(session: Session, incident: Incident, person: Person, act: str) -> None:
    """One chose, for all who were asked. Raises `Refused` when it is closed or somebody goes by now."""
    hold(session, incident)
    if person.role not in paging.WATCHERS:
        raise Refused("pages.number_old")
    if incident.state not in WAITS_FOR_EYES:
        raise Refused("pages.closed_already", place=spoken(incident, person.language))
    if not nobody_goes(session, incident):
        raise Refused("pages.covered", place=spoken(incident, person.language))
    values: dict[str, object] = {"count": _send(session, incident, person)} if act == choices.SEND else {}
    choices.close(session, incident=incident, acts=choices.WHEN_NOBODY_GOES)
    others = _answer_all(session, incident, person, act)
    audit.record(session, f"decided.{act}", f"incident:{incident.id}", person.id)
    if act == choices.CLOSE:
        closing.close(session, incident, S.UNVERIFIABLE, person.id, "closed_by_choice")
        outcomes.tell(session, incident)
    again = now() + dt.timedelta(minutes=_asked_again_minutes(act))
    _text(session, incident, person, f"pages.decided_{act}", time=at(again, person.language), **values)
    for other in others:
        _text(session, incident, other, "pages.decided_by_other", person=person.name)


def _send(session: Session, incident: Incident, person: Person) -> int:
    """How many were asked. Where nobody may be, the other numbers still hold. Raises `Refused`."""
    try:
        return len(sending_there.ask_again(session, incident, person))
    except sending_there.NobodyAsked as refused:
        place = spoken(incident, person.language)
        raise Refused(f"pages.send_{refused.why}", code=incident.code, place=place) from refused


def on_call(session: Session) -> list[Person]:
    """Coordinators on shift, else every coordinator with a phone; where there is none, dispatchers."""
    return paging.watchers(session, (Role.COORDINATOR,)) or paging.watchers(session, (Role.DISPATCHER,))


def nobody_goes(session: Session, incident: Incident) -> bool:
    """It waits for eyes, and nobody holds it. What was only asked about waits for a dispatcher."""
    return incident.state in WAITS_FOR_EYES and not incident.asked_only and not claims.holders(session, incident)


def _most_urgent(session: Session, kind: Asked, minutes: float, due: ColumnElement[bool]) -> list[int]:
    """Those that are due; of ones nobody was asked about yet no more than there is room for, as the queue stands."""
    asked = select(Question.incident_id).where(Question.kind == kind, Question.asked_at > ago(minutes=FLOOD_MINUTES))
    lately = set(session.scalars(asked))
    waiting = list(session.scalars(_waiting(minutes).where(due)))
    again = [id_ for id_ in waiting if id_ in lately]
    room = MOST_AT_ONCE - len(lately)
    fresh = _as_the_queue_stands(session, [id_ for id_ in waiting if id_ not in lately], room)
    long_enough = (
        id_ for id_ in [*again, *fresh] if _since(session, session.get_one(Incident, id_)) <= ago(minutes=minutes)
    )
    return list(itertools.islice(long_enough, len(again) + max(0, room)))


def _as_the_queue_stands(session: Session, ids: list[int], room: int) -> list[int]:
    """The most urgent first, where there is no room for all; none where there is no room."""
    if room <= 0:
        return []
    if len(ids) <= room:
        return ids
    place = {row.id: number for number, row in enumerate(session.execute(ordering.in_order()))}
    return sorted(ids, key=lambda id_: place.get(id_, len(place)))


def _waiting(minutes: float) -> Select[int]:
    """What nobody goes to, opened so long ago."""
    held = select(Claim.id).where(Claim.incident_id == Incident.id, Claim.state == ClaimState.HELD)
    waits = select(Incident.id).where(Incident.state.in_(WAITS_FOR_EYES), Incident.opened_at <= ago(minutes=minutes))
    return waits.where(Incident.asked_only.is_(False), Incident.merged_into.is_(None), ~held.exists()).order_by(
        Incident.id
    )


def _asked(kind: Asked, incident: Incident | type[Incident] = Incident) -> Select[int]:
    """What was asked of it in this round; within another question, of each that it asks about."""
    return select(Question.id).where(
        Question.incident_id == incident.id, Question.kind == kind, Question.round == this_round(incident)
    )


def _still_holds() -> ColumnElement[bool]:
    """It was asked a moment ago, or what was chosen has not run out."""
    soon, later = ago(minutes=settings().decide_again_minutes), ago(minutes=settings().second_way_minutes)
    another = and_(Question.answer == choices.SECOND_WAY, Question.answered_at > later)
    return or_(
        Question.asked_at > soon,
        and_(Question.answer.in_((choices.WAIT, choices.SEND)), Question.answered_at > soon),
        another,
    )


def _since(session: Session, incident: Incident) -> dt.datetime:
    """Since when nobody goes: this round, or this dispute, began."""
    return verdicts.disputed_at(session, incident) or reopened_at(session, incident)


def _answer_all(session: Session, incident: Incident, person: Person, act: str) -> list[Person]:
    """The choice is everybody's; who else had been asked in vain."""
    open_ = [one for one in questions.of(session, incident, Asked.DECIDE) if one.answered_at is None]
    for question in open_:
        questions.answered(question, act)
    session.flush()
    return list({one.person_id: one.person for one in open_ if one.person_id != person.id}.values())


def _asked_again_minutes(act: str) -> float:
    return settings().second_way_minutes if act == choices.SECOND_WAY else settings().decide_again_minutes


def _waited(session: Session, incident: Incident) -> int:
    return int((now() - _since(session, incident)).total_seconds() // 60)


def _text(session: Session, incident: Incident, to: Person, key: str, **values: object) -> None:
    place, host = spoken(incident, to.language), settings().public_host
    text(session, to, key, reason=Reason.ALARM, code=incident.code, place=place, values={"host": host, **values})
