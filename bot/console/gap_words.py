"""How is an empty time said? `Tonight 2am to 6am: nobody can release; no alert can leave.`"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.clock import ahead, local, now
from bot.console.words import language, listed, say
from bot.people.gaps import Gap, GapKind, gaps
from bot.places import neighborhoods
from messages import formats

SOON_HOURS = 24
NIGHT_FROM, NIGHT_UNTIL = 18, 8
MOST_NEIGHBORHOODS = 3
"""More of them are counted: a list of twenty is read by nobody."""


def soon(session: Session) -> list[str]:
    """The empty times of the next day and night, with when they are."""
    return [f"{_when(gap.start, gap.end)}: {_what(gap)}" for gap in gaps(session, now(), ahead(hours=SOON_HOURS))]


def of_a_day(empty: Iterable[Gap], start: dt.datetime, end: dt.datetime) -> list[str]:
    """The same, of one day, by the clock alone: the day stands above."""
    here = [gap for gap in empty if gap.start < end and gap.end > start]
    return [f"{_hours(max(gap.start, start), min(gap.end, end), (start, end))}: {_what(gap)}" for gap in here]


def hour(moment: dt.datetime, with_day: bool = False) -> str:
    """`2am`, `2:30am`: hours without minutes that say nothing."""
    told = formats.clock_time(moment, language()).replace(":00", "")
    return f"{formats.day(moment, language())} {told}" if with_day else told


def _what(gap: Gap) -> str:
    if gap.kind is GapKind.RELEASE:
        return say("shifts.nobody_releases")
    names = [neighborhoods.name_of(area, language()) for area in gap.neighborhoods]
    if len(names) > MOST_NEIGHBORHOODS:
        return say("shifts.nobody_looks_in_many", count=len(names))
    return say("shifts.nobody_looks", where=listed(names))


def _when(start: dt.datetime, end: dt.datetime) -> str:
    since, until = local(start), local(end)
    if start <= now():
        return say("shifts.until", until=hour(end, with_day=until.date() != local(now()).date()))
    hours = say("shifts.hours", start=hour(start), end=hour(end))
    if _is_tonight(since, until):
        return say("shifts.tonight", hours=hours)
    return say("shifts.today" if since.date() == local(now()).date() else "shifts.tomorrow", hours=hours)


def _is_tonight(since: dt.datetime, until: dt.datetime) -> bool:
    """The night that comes, or the one that is; not a day that begins before its night is quite over."""
    here = local(now())
    if since.date() == here.date():
        return since.hour >= NIGHT_FROM
    morning = since.replace(hour=NIGHT_UNTIL, minute=0, second=0, microsecond=0)
    return here.hour >= NIGHT_UNTIL and morning - since >= until - morning


def _hours(start: dt.datetime, end: dt.datetime, day: tuple[dt.datetime, dt.datetime]) -> str:
    if (start, end) == day:
        return say("shifts.all_day")
    return say("shifts.hours", start=hour(start), end=say("shifts.midnight") if end == day[1] else hour(end))
