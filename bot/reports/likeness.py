"""Does a report tell of what an incident's reports tell of? What was seen and the words for it are weighed, not the place.

For texts that name only a neighborhood or a long street while several things go on in it. Each thing that both speak of counts
by how rarely two reports of different things agree on it (a colour rarely, an agency often), and against it where they differ.
Words count only where those who tell of one incident use them and the others do not: a street, a shop, a car's make.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log
from typing import Any

from bot.reports.copies import same_text
from bot.reports.models import Report

WRONG = 0.08
"""So many of those who speak of a thing say it wrong, or it has changed meanwhile."""
A_COPY = 6.0
"""One text passed on is about what it was about."""
SAID_ALIKE = 1.6
"""What one word in common may count at most ..."""
WORDS_AT_MOST = 4.0
"""... and all of them together: words are many, and come along with one another."""
GENERAL = ("unknown", "immigration")
"""Everybody says "la migra", whichever agency it is."""


def likeness(report: Report, incidents: Mapping[int, Sequence[Report]], *, by_words: bool = True) -> dict[int, float]:
    """For each incident how much speaks for it (above 0) or against it, by the reports it has.

    `by_words` off: by what was seen alone, where those who tell of another corner name the same long street, or where a chain
    letter names one corner after another.
    """
    used = {number: _share_of_words(reports) for number, reports in incidents.items()} if by_words else {}
    found = {}
    for number, reports in incidents.items():
        others = [words for other, words in used.items() if other != number]
        copied = by_words and any(same_text(report.words, other.words) for other in reports)
        found[number] = A_COPY if copied else _seen(report, reports) + _words(report, used.get(number, {}), others)
    return found


def same_cars(report: Report, others: Sequence[Report]) -> bool:
    """Whether somebody else told of cars of this kind and this colour."""
    mine = (_kind(report), _colour(report))
    return None not in mine and mine in {(_kind(other), _colour(other)) for other in others}


def _seen(report: Report, others: Sequence[Report]) -> float:
    return sum(_agreement(report, others, read, alike, by_chance) for read, alike, by_chance in THINGS) + _gear(
        report, others
    )


def _agreement(
    report: Report,
    others: Sequence[Report],
    read: Callable[[Report], Any],
    alike: Callable[[Any, Any], bool],
    by_chance: float,
) -> float:
    said = read(report)
    theirs = [value for other in others if (value := read(other)) is not None]
    if said is None or not theirs:
        return 0.0
    return _weight(sum(alike(said, value) for value in theirs) / len(theirs), by_chance)


def _gear(report: Report, others: Sequence[Report]) -> float:
    """Dogs, a helicopter: who does not speak of it may not have noticed."""
    found = 0.0
    for thing in report.equipment:
        share = sum(thing in other.equipment for other in others) / max(1, len(others))
        found += _weight(share, 0.2) if share else -0.25
    return found


def _weight(share: float, by_chance: float) -> float:
    return log((share * (1 - WRONG) + (1 - share) * WRONG) / by_chance)


def _share_of_words(reports: Sequence[Report]) -> dict[str, float]:
    counted = Counter(mark for report in reports for mark in report.words)
    return {mark: count / len(reports) for mark, count in counted.items()}


def _words(report: Report, here: Mapping[str, float], elsewhere: Iterable[Mapping[str, float]]) -> float:
    others = list(elsewhere)
    found = 0.0
    for mark in report.words:
        if share := here.get(mark):
            most = max((other.get(mark, 0.0) for other in others), default=0.0)
            found += min(SAID_ALIKE, max(0.0, log((share + 0.1) / (most + 0.1)))) if others else 0.0
    return min(WORDS_AT_MOST, found)


def _agency(report: Report) -> str | None:
    return None if report.uniform in GENERAL else report.uniform


def _kind(report: Report) -> str | None:
    kind = (report.vehicle_words or "").partition(" ")[0]
    return kind if kind and kind != "helicopter" else None


def _colour(report: Report) -> str | None:
    return (report.vehicle_words or "").partition(" ")[2] or None


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _about(one: int, other: int) -> bool:
    """As two people count the same cars, or the same crowd."""
    return abs(one - other) <= max(1, round(0.35 * max(one, other)))


THINGS: tuple[tuple[Callable[[Report], Any], Callable[[Any, Any], bool], float], ...] = (
    (_agency, _same, 0.42),
    (lambda report: report.activity, _same, 0.25),
    (_kind, _same, 0.35),
    (_colour, _same, 0.25),
    (lambda report: report.vehicles if _kind(report) else None, _about, 0.5),
    (lambda report: report.size, _about, 0.45),
)
"""What is compared, when two say the same, and how often two reports of different things do."""
