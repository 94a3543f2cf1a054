"""Who could be the second hand for this draft, when were they last seen, and whose turn is it to be called?

Whoever is on shift comes first, then who was on the console lately, then the others with a phone. Shown, not guessed:
"last seen 6:08; Ana paged 6:13, no answer; Luis next 6:15". `calling` does the calling.
"""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.alerts.models import Alert, ReleaseTurn
from bot.clock import ago, now
from bot.people import sessions
from bot.people.models import Person, SignedIn
from bot.people.shifts import RELEASERS, can_be_texted, everybody, on_shift
from bot.settings import settings


@dataclass(frozen=True, slots=True)
class Turn:
    """One person who could release it."""

    person: Person
    on_shift: bool
    has_phone: bool
    last_seen_at: dt.datetime | None = None
    """When they last did something on the console."""
    paged_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    """When they came to the console after that, or said that they cannot."""
    declined: bool = False
    next_at: dt.datetime | None = None
    """When they are paged, if nobody has released it by then."""


def turns(session: Session, alert: Alert) -> list[Turn]:
    """Everybody who could let this draft out, in the order in which they are called."""
    people = could_release(session, alert)
    seen, called = _last_seen(session, people), calls(session, alert)
    here = {person.id for person in on_shift(session)}
    all_of_them = [_turn(one, one.id in here, seen.get(one.id), called.get(one.id)) for one in people]
    return _with_next(sorted(all_of_them, key=_order), _due_at(called))


def could_release(session: Session, alert: Alert) -> list[Person]:
    """Of another line than its first hand (`release.refusals` says so again, and so does the database)."""
    able = everybody(session, *RELEASERS)
    return [one for one in able if one.id != alert.proposed_by_id and one.line_id != alert.proposed_by_line]


def calls(session: Session, alert: Alert) -> dict[int, ReleaseTurn]:
    """The last call to each."""
    return {call.person_id: call for call in session.scalars(calls_for(alert).order_by(ReleaseTurn.id))}


def calls_for(alert: Alert) -> Select[ReleaseTurn]:
    """Calls for this draft, and for those it took the place of: nobody is called twice in a row for one thing."""
    same = select(Alert.id).where(Alert.incident_id == alert.incident_id, Alert.kind == alert.kind)
    lately = ago(minutes=settings().alert_minutes)
    return select(ReleaseTurn).where(ReleaseTurn.alert_id.in_(same), ReleaseTurn.paged_at > lately)


def _turn(person: Person, here: bool, seen: dt.datetime | None, call: ReleaseTurn | None) -> Turn:
    turn = Turn(person, here, can_be_texted(person), seen)
    if call is None:
        return turn
    came = seen if seen is not None and seen > call.paged_at else None
    return replace(
        turn,
        paged_at=call.paged_at,
        answered_at=call.declined_at or came,
        declined=call.declined_at is not None,
    )


def _order(turn: Turn) -> tuple[bool, bool, bool, float, int]:
    seen = turn.last_seen_at.timestamp() if turn.last_seen_at else 0.0
    return (not turn.has_phone, not turn.on_shift, not _was_here_lately(turn), -seen, turn.person.id)


def _was_here_lately(turn: Turn) -> bool:
    return turn.last_seen_at is not None and turn.last_seen_at > ago(minutes=sessions.idle_minutes(turn.person))


def _due_at(called: dict[int, ReleaseTurn]) -> dt.datetime:
    """When the next one is called: at once; some minutes after the last was; at once again if that one said no."""
    last = max(called.values(), key=lambda call: (call.paged_at, call.id), default=None)
    if last is None or last.declined_at is not None:
        return now()
    return last.paged_at + dt.timedelta(minutes=settings().release_turn_minutes)


def _with_next(listed: list[Turn], due: dt.datetime) -> list[Turn]:
    """Each in turn; whoever was called is called again when everybody was, and what they were called for has grown old."""
    later = dt.timedelta(minutes=settings().finding_fresh_minutes)
    turn_takes = dt.timedelta(minutes=settings().release_turn_minutes)
    moments: dict[int, dt.datetime] = {}
    free = due
    for turn in sorted(listed, key=lambda one: one.paged_at.timestamp() if one.paged_at else 0.0):
        if not turn.has_phone or turn.declined:
            continue
        moments[turn.person.id] = max(free, turn.paged_at + later) if turn.paged_at else free
        free = moments[turn.person.id] + turn_takes
    return [replace(turn, next_at=moments.get(turn.person.id)) for turn in listed]


def _last_seen(session: Session, people: list[Person]) -> dict[int, dt.datetime]:
    of_them = SignedIn.person_id.in_([one.id for one in people])
    seen = select(SignedIn.person_id, func.max(SignedIn.last_seen_at)).where(of_them).group_by(SignedIn.person_id)
    return dict(session.execute(seen).all())
