"""Which empty shifts lie ahead? The coordinators hear of each once, in time to fill it; at night only of one that begins soon."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.clock import ahead, now
from bot.moderation.asking_models import GapTold
from bot.moderation.texting import text
from bot.outbox.delivery_models import Reason
from bot.people.gaps import Gap, GapKind, gaps
from bot.people.models import Person, Role
from bot.people.shifts import with_phone
from bot.places.neighborhoods import name_of
from bot.settings import settings
from bot.store.alone import alone
from messages import catalog, formats

LOOKED_AHEAD_HOURS = 24
"""What is told is told with what follows it, so that one text says what four would."""
SHORTEST_MINUTES = 15
"""Between one shift and the next somebody may well be late."""
MOST_NAMED = 2
MOST_TEXTS = 3
TEXT_MINUTES = 12 * 60


def say(session: Session) -> int:
    """Tell of what is empty and was not told yet; how many gaps that were."""
    alone(session, "empty_shifts")
    untold = _untold(session)
    if not any(_is_due(gap) for gap in untold):
        return 0
    for person in with_phone(session, Role.COORDINATOR) or with_phone(session, Role.ORGANIZER):
        for kind, together in _in_few_texts(untold):
            _tell(session, person, kind, together)
    session.add_all(_told(gap, name) for gap in untold for name in _names(gap))
    session.flush()
    return len(untold)


def _untold(session: Session) -> list[Gap]:
    """By neighborhood: where one was told of and another was not, only the other is told."""
    known = list(session.scalars(select(GapTold).where(GapTold.ends_at > now())))
    new: list[Gap] = []
    for gap in gaps(session, now(), ahead(hours=LOOKED_AHEAD_HOURS)):
        names = tuple(name for name in _names(gap) if not any(_covers(row, gap, name) for row in known))
        if names and gap.end - gap.start >= dt.timedelta(minutes=SHORTEST_MINUTES):
            new.append(Gap(gap.kind, gap.start, gap.end, tuple(name for name in names if name)))
    return new


def _covers(row: GapTold, gap: Gap, name: str) -> bool:
    return (row.kind, row.neighborhood) == (gap.kind, name) and row.starts_at <= gap.start < row.ends_at


def _told(gap: Gap, name: str) -> GapTold:
    """What never ends is said again after so many hours."""
    longest = gap.start + dt.timedelta(hours=settings().gaps_ahead_hours)
    return GapTold(kind=gap.kind, neighborhood=name, starts_at=gap.start, ends_at=min(gap.end, longest), told_at=now())


def _names(gap: Gap) -> tuple[str, ...]:
    return gap.neighborhoods or ("",)


def _is_due(gap: Gap) -> bool:
    if gap.start <= ahead(minutes=settings().gaps_soon_minutes):
        return True
    return gap.start <= ahead(hours=settings().gaps_ahead_hours) and not _is_night()


def _is_night() -> bool:
    quiet_from, quiet_until = settings().notice_quiet_from_hour, settings().notice_quiet_until_hour
    hour = clock.local(now()).hour
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def _in_few_texts(untold: list[Gap]) -> Iterator[tuple[GapKind, list[Gap]]]:
    """One text for each set of neighborhoods, the soonest first; what is left over shares the last."""
    alike: defaultdict[tuple[GapKind, tuple[str, ...]], list[Gap]] = defaultdict(list)
    for gap in untold:
        alike[gap.kind, gap.neighborhoods].append(gap)
    for kind in GapKind:
        groups = [found for (one, _), found in alike.items() if one is kind]
        apart, rest = groups[: MOST_TEXTS - 1], groups[MOST_TEXTS - 1 :]
        yield from ((kind, group) for group in apart)
        if rest:
            yield kind, [gap for group in rest for gap in group]


def _tell(session: Session, person: Person, kind: GapKind, together: list[Gap]) -> None:
    language = person.language
    names = dict.fromkeys(name for gap in together for name in gap.neighborhoods)
    places = {"places": _few([name_of(name, language) for name in names])} if names else {}
    when = _few([_span(gap, language) for gap in together])
    host = settings().public_host
    text(
        session,
        person,
        f"pages.gap_{kind}",
        reason=Reason.ALARM,
        minutes=TEXT_MINUTES,
        when=when,
        host=host,
        values=places,
    )


def _span(gap: Gap, language: str) -> str:
    """`Mon Nov 23 2:00am to 6:00am`; `from 2:00am on` where no end is in sight."""
    start, end = formats.moment(gap.start, language), formats.clock_time(gap.end, language)
    if gap.end >= ahead(hours=LOOKED_AHEAD_HOURS):
        return catalog.text("pages.from_on", language, start=start)
    return catalog.text("pages.from_to", language, start=start, end=end)


def _few(said: list[str]) -> str:
    """The first ones, and how many more."""
    more = f" +{len(said) - MOST_NAMED}" if len(said) > MOST_NAMED else ""
    return ", ".join(said[:MOST_NAMED]) + more
