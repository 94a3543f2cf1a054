"""How many people did alerts reach, in each neighborhood and month? What one alert must withhold is in no sum either.

A sum of many alerts would give a small one away to whoever knows the others, or read the page a day before. So each alert's
small numbers, and the one that would follow from its total, are left out first; a sum says so ("40 or more").
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.clock import ago, local, now
from bot.console import withheld
from bot.outbox import reach_by_area
from bot.outbox.reach_by_area import Reach
from bot.places.neighborhoods import all_neighborhoods

Month = tuple[int, int]
"""Year and month, as people here count them."""


class Sum(NamedTuple):
    """People, alert by alert: whoever was told twice counts twice."""

    people: int = 0
    more: bool = False
    """Some, too few to be said, are not in it."""

    def __add__(self, other: object) -> "Sum":
        if not isinstance(other, Sum):
            return NotImplemented
        return Sum(self.people + other.people, self.more or other.more)


class Row(NamedTuple):
    """One neighborhood, the months in their order."""

    area: str
    months: tuple[Sum, ...]
    whole: Sum


class Table(NamedTuple):
    months: tuple[dt.date, ...]
    """The first day of each."""
    rows: tuple[Row, ...]


def table(session: Session, days: int) -> Table:
    """Whole calendar months, whatever the days: part of a month beside all of it would say what its rest was."""
    months = months_between(local(ago(days=days)).date(), local(now()).date())
    sums = sums_of(reach_by_area.since(session, _begins(months[0])))
    return Table(months, tuple(_row(each.id, months, sums) for each in all_neighborhoods()))


def _row(area: str, months: Iterable[dt.date], sums: Mapping[tuple[str, Month], Sum]) -> Row:
    theirs = tuple(sums.get((area, (first.year, first.month)), Sum()) for first in months)
    whole = Sum()
    for one in theirs:
        whole += one
    return Row(area, theirs, whole)


def sums_of(reached: Iterable[Reach]) -> dict[tuple[str, Month], Sum]:
    sums: defaultdict[tuple[str, Month], Sum] = defaultdict(Sum)
    for one in reached:
        day = local(one.released_at).date()
        for area, people in withheld.shown(one.people).items():
            sums[area, (day.year, day.month)] += Sum(0, more=True) if people is None else Sum(people)
    return sums


def months_between(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return tuple(found)


def _begins(day: dt.date) -> dt.datetime:
    """Midnight here."""
    return dt.datetime.combine(day, dt.time(), local(now()).tzinfo).astimezone(dt.UTC)
