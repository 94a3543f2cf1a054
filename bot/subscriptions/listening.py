"""How many can be told of each neighborhood? Counted by the clock, one after the other, for pages that must count nobody."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.places.neighborhoods import all_neighborhoods
from bot.store.session import reading, writing
from bot.subscriptions import audience
from bot.subscriptions.models import AreaCount

COUNT_AGAIN_MINUTES = 5
AT_ONCE = 2
"""So few at a time that the clock stays punctual with a million people."""


def of_each(session: Session) -> dict[str, AreaCount]:
    """What was counted last, by neighborhood. One that was never counted is missing."""
    return {known.subject: known for known in session.scalars(select(AreaCount))}


def count() -> int:
    """Count the neighborhoods whose count is oldest; how many."""
    with reading() as session:
        due = _due(session)
        counted = [(area, now(), _people(session, area)) for area in due]
    if counted:
        with writing() as session:
            for area, moment, people in counted:
                session.merge(AreaCount(subject=area, counted_at=moment, people=people))
    return len(counted)


def _due(session: Session) -> list[str]:
    known = {subject: row.counted_at for subject, row in of_each(session).items()}
    limit = ago(minutes=COUNT_AGAIN_MINUTES)
    never = [each.id for each in all_neighborhoods() if each.id not in known]
    old = sorted((area for area in known if known[area] < limit), key=lambda area: known[area])
    return (never + old)[:AT_ONCE]


def _people(session: Session, area: str) -> int:
    told = audience.reachable(audience.window_end())
    return session.scalar(select(func.count()).where(audience.asked([area]), told)) or 0
