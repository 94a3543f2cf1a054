"""How well are reports put together? Of the pairs that belong together, how many are; of those put together, how many belong?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import time_machine
from sqlalchemy import delete

from benchmarks.stream import Telling
from bot.hotline import understanding
from bot.incidents.models import Incident, IncidentArea, IncidentStep
from bot.reports import intake, matching
from bot.reports.intake import Sighting
from bot.reports.models import Report, ReportKind
from bot.settings import settings
from bot.store.session import writing

KINDS = {"report": ReportKind.REPORT, "rumor_check": ReportKind.RUMOR}
Placed = list[tuple[int | None, Any]]
"""For each telling that was heard as a report or a rumor: its truth, and what it was put to (None: alone)."""


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(placed: Placed) -> Score:
    """Pairwise. What is put to nothing, or tells of nothing, is alone on that side."""
    true = Counter(truth for truth, _ in placed if truth is not None)
    ours = Counter(put for _, put in placed if put is not None)
    right = Counter((truth, put) for truth, put in placed if truth is not None and put is not None)
    pairs_true, pairs_ours, pairs_right = (sum(n * (n - 1) // 2 for n in c.values()) for c in (true, ours, right))
    return Score(pairs_right / pairs_ours if pairs_ours else 1.0, pairs_right / pairs_true if pairs_true else 1.0)


@dataclass(frozen=True)
class Heard:
    """A telling as the hotline understands it."""

    told: Telling
    kind: ReportKind
    sighting: Sighting


def heard(tellings: Sequence[Telling]) -> list[Heard]:
    """Those that are reports or ask about one; the others open nothing (cries have their own way)."""
    found = []
    for told in tellings:
        meant = understanding.understand(told.text, told.language)
        if meant.intent in KINDS:
            sighting = meant.sighting or intake.read(told.text, told.language)
            sighting = replace(sighting, place=told.pin) if told.pin else sighting
            found.append(Heard(told, KINDS[meant.intent], sighting))
    return found


def ours(tellings: Sequence[Heard]) -> Placed:
    """What `bot.reports.matching` makes of them, each at its moment, in the database of these settings."""
    with writing() as session:
        kept: list[tuple[int | None, Report]] = []
        for one in tellings:
            with time_machine.travel(one.told.arrives, tick=False):
                report = matching.file(
                    session,
                    contact=None,
                    text=one.told.text,
                    language=one.told.language,
                    kind=one.kind,
                    sighting=one.sighting,
                    at=one.told.written,
                )
                kept.append((one.told.truth, report))
        session.flush()
        return [(truth, report.incident_id) for truth, report in kept]


def forget_all() -> None:
    """Before another stream, in the same database."""
    with writing() as session:
        for table in (Report, IncidentStep, IncidentArea, Incident):
            session.execute(delete(table))


def plain(tellings: Sequence[Heard]) -> Placed:
    """The plain rule: the same area, within 60 minutes of the last report there."""
    return list(_by_area(tellings, settings().match_window_minutes))


def _by_area(tellings: Sequence[Heard], minutes: int) -> Placed:
    open_in: dict[str, tuple[int, Any]] = {}
    placed: Placed = []
    for number, one in enumerate(tellings):
        areas = one.sighting.place.neighborhoods
        if not areas:
            placed.append((one.told.truth, None))
            continue
        known = next(
            (open_in[area] for area in areas if area in open_in and _within(open_in[area][1], one, minutes)), None
        )
        group = known[0] if known else number
        for area in areas:
            open_in[area] = (group, one.told.arrives)
        placed.append((one.told.truth, group))
    return placed


def _within(last: Any, one: Heard, minutes: int) -> bool:
    return bool((one.told.arrives - last).total_seconds() <= minutes * 60)
