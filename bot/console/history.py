"""What became of what was told of, neighborhood by neighborhood, these last months? Small numbers are withheld."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago
from bot.console import withheld
from bot.incidents.models import Incident, IncidentArea
from bot.incidents.states import IncidentState
from bot.outbox.models import Kind, Release
from bot.places.neighborhoods import all_neighborhoods

LOOKED_AND = {
    "confirmed": (IncidentState.CONFIRMED, IncidentState.ENDED),
    "something_else": (IncidentState.DEBUNKED, IncidentState.RETRACTED),
    "not_seen": (IncidentState.NOT_SEEN,),
    "unchecked": (IncidentState.UNVERIFIABLE,),
}
"""What became of an incident, as the history counts it."""


class Past(NamedTuple):
    """One neighborhood lately."""

    area: str
    counts: dict[str, int | None]
    alerts: int | None


def past(session: Session, days: int) -> list[Past]:
    since = ago(days=days)
    counted = session.execute(
        select(IncidentArea.neighborhood, Incident.state, func.count())
        .join(Incident, Incident.id == IncidentArea.incident_id)
        .where(Incident.opened_at > since)
        .group_by(IncidentArea.neighborhood, Incident.state)
    )
    states: defaultdict[str, dict[IncidentState, int]] = defaultdict(dict)
    for area, state, number in counted:
        states[area][state] = number
    let_out = session.execute(
        select(IncidentArea.neighborhood, func.count())
        .join(Release, Release.incident_id == IncidentArea.incident_id)
        .where(Release.released_at > since, Release.kind == Kind.ALERT)
        .group_by(IncidentArea.neighborhood)
    )
    alerts = {row[0]: row[1] for row in let_out}
    told = withheld.shown({each.id: alerts.get(each.id, 0) for each in all_neighborhoods()})
    return [Past(each.id, _outcomes(states[each.id]), told[each.id]) for each in all_neighborhoods()]


def _outcomes(states: dict[IncidentState, int]) -> dict[str, int | None]:
    return withheld.shown({name: sum(states.get(one, 0) for one in ours) for name, ours in LOOKED_AND.items()})
