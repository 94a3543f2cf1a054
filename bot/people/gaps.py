"""When is nobody on shift who could release, or nobody who could go and look? Said of the future, before it hurts.

Counted from shifts alone, begun or planned, not from who might be awake by chance. To look, a verifier's own areas and those
next door count, as they do for paging. To release takes somebody of another line than whoever looks.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.people.models import Person, Role, Shift
from bot.people.shifts import RELEASERS
from bot.places.neighborhoods import adjoining


class GapKind(StrEnum):
    RELEASE = "release"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start` to `end` nobody can (`kind`). `neighborhoods`: where nobody can look; empty for a release."""

    kind: GapKind
    start: dt.datetime
    end: dt.datetime
    neighborhoods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which the same people are on."""

    start: dt.datetime
    end: dt.datetime
    people: tuple[Person, ...]


def gaps(
    session: Session, start: dt.datetime, end: dt.datetime, neighborhoods: Collection[str] | None = None
) -> list[Gap]:
    """The empty times between two moments, in order. Of these neighborhoods; else of all that a verifier ever declared."""
    stretches = list(_stretches(_on(session, start, end), start, end))
    where = declared(session) if neighborhoods is None else tuple(sorted(neighborhoods))
    return sorted(
        [*_nobody_releases(stretches), *_nobody_looks(stretches, where)], key=lambda gap: (gap.start, gap.kind)
    )


def declared(session: Session) -> tuple[str, ...]:
    """The neighborhoods that somebody who goes and looks has named as theirs."""
    verifiers = select(Person).where(Person.role == Role.VERIFIER, Person.revoked_at.is_(None))
    found = session.scalars(verifiers.options(selectinload(Person.areas)))
    return tuple(sorted({name for person in found for name in person.neighborhoods}))


def within_reach(person: Person) -> frozenset[str]:
    """Where a page would find them: their areas and those next door."""
    own = person.neighborhoods
    return frozenset(own) | {area.id for name in own for area in adjoining(name)}


def _on(session: Session, start: dt.datetime, end: dt.datetime) -> list[tuple[Person, dt.datetime, dt.datetime]]:
    """Whose shift touches this time, cut to it."""
    touching = select(Shift).where(Shift.starts_at < end, Shift.ends_at > start)
    found = list(session.scalars(touching))
    wanted = select(Person).where(Person.id.in_({shift.person_id for shift in found}), Person.revoked_at.is_(None))
    people = {person.id: person for person in session.scalars(wanted.options(selectinload(Person.areas)))}
    return [
        (people[shift.person_id], max(start, shift.starts_at), min(end, shift.ends_at))
        for shift in found
        if shift.person_id in people
    ]


def _stretches(
    on: list[tuple[Person, dt.datetime, dt.datetime]], start: dt.datetime, end: dt.datetime
) -> Iterator[_Stretch]:
    edges = sorted({start, end, *(begins for _, begins, _ in on), *(ends for _, _, ends in on)})
    for begins, ends in itertools.pairwise(edges):
        here = {person.id: person for person, since, until in on if since <= begins and until >= ends}
        yield _Stretch(begins, ends, tuple(here.values()))


def _nobody_releases(stretches: Iterable[_Stretch]) -> list[Gap]:
    empty = [one for one in stretches if not can_release(one.people)]
    return [Gap(GapKind.RELEASE, start, end) for start, end in _joined(empty)]


def can_release(people: Collection[Person]) -> bool:
    """Whether one of these is a second hand for whatever the others see."""
    releasers = {person.line_id for person in people if person.role in RELEASERS}
    lookers = {person.line_id for person in people if person.role is Role.VERIFIER}
    return bool(releasers) and (not lookers or len(releasers | lookers) > 1)


def _nobody_looks(stretches: list[_Stretch], neighborhoods: Iterable[str]) -> list[Gap]:
    reach = {person.id: within_reach(person) for one in stretches for person in one.people}
    alike: defaultdict[tuple[dt.datetime, dt.datetime], list[str]] = defaultdict(list)
    for name in neighborhoods:
        empty = [
            one
            for one in stretches
            if not any(person.role is Role.VERIFIER and name in reach[person.id] for person in one.people)
        ]
        for span in _joined(empty):
            alike[span].append(name)
    return [Gap(GapKind.LOOK, start, end, tuple(names)) for (start, end), names in alike.items()]


def _joined(stretches: Iterable[_Stretch]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Stretches that follow each other are one time."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    for one in stretches:
        if spans and spans[-1][1] == one.start:
            spans[-1] = (spans[-1][0], one.end)
        else:
            spans.append((one.start, one.end))
    return spans
