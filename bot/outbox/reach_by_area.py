"""How many did each alert reach in each of its neighborhoods? As it was counted with the alert, in one row each."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox.models import Kind, Release
from bot.outbox.tallies import Tally


class Reach(NamedTuple):
    """Of one alert. Corrections, updates and endings go to the same people once more, and are not here."""

    released_at: dt.datetime
    people: Mapping[str, int]
    """Each of its neighborhoods. Somebody who hears of two counts in both."""


def since(session: Session, moment: dt.datetime) -> list[Reach]:
    """Of every alert let out from then on, that was counted. Only this part of the counts is read, and no copy."""
    counted = (
        select(Release.released_at, Tally.counts["areas"])
        .join(Tally, Tally.broadcast_id == Release.broadcast_id)
        .where(Release.released_at >= moment, Release.kind == Kind.ALERT)
    )
    return [Reach(at, areas or {}) for at, areas in session.execute(counted)]
