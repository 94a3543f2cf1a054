"""How many people, how many vehicles? Read only where the words say so: a street, a time, an age is no count."""

import re
from dataclasses import dataclass

from bot.reports import count_patterns as patterns
from messages.tongue import without
from messages.vocabulary import named
from messages.wording import folded, plain

MOST_PEOPLE = 500
"""Beyond this a number is an address or a year."""

FIRST = re.compile(r"\s*(\d{1,2})\s*(?:[,;.]|$)")
"""How a volunteer begins who is asked how many there are: "4, vests"."""

ASIDE = " ; "
"""What stands where a number or a vehicle was taken out: no pattern reads across it."""


@dataclass(frozen=True, slots=True)
class Vehicles:
    """What drove there. `count` is None where they were seen but not counted."""

    count: int | None = None
    kind: str | None = None
    colour: str | None = None


def vehicles(text: str, place: str = "") -> Vehicles:
    """All vehicles seen there together; not the bus, the car wash, or the car that was stopped."""
    said = _countable(text, place)
    counted = [match for pattern in patterns.vehicles() for match in pattern.finditer(said)]
    kind = next((kind for kind, pattern in named("understanding", "vehicles").items() if pattern.search(said)), None)
    if kind is None and not counted:
        return Vehicles()
    if not counted and patterns.several_vehicles_alone().search(said):
        counted = list(patterns.people()[-1].finditer(said))
    values = [value for match in _apart(counted) if (value := patterns.value(match["count"])) and value < MOST_PEOPLE]
    alone = [match for match in patterns.one_vehicle().finditer(said) if _is_apart(match, counted)]
    return Vehicles(sum(values) + len(alone) or None, kind or "car", _colour(said))


def people(text: str, place: str = "") -> int | None:
    """How many of them were seen: not the vendors they took, not how many minutes ago."""
    said = _countable(text, place)
    if patterns.several_vehicles_alone().search(said):
        return None
    for pattern in (*patterns.vehicles(), patterns.taken()):
        said = pattern.sub(ASIDE, said)
    for pattern in patterns.people():
        for match in pattern.finditer(said):
            if (value := patterns.value(match["count"])) and value < MOST_PEOPLE:
                return value + _women(match)
    return None


def answered(text: str) -> int | None:
    """The same, of whoever was asked how many there are: a number that stands first is the answer."""
    first = FIRST.match(text)
    return people(text) or (int(first[1]) or None if first else None)


def _women(match: re.Match[str]) -> int:
    """ "Two men and a woman"."""
    said = match.groupdict().get("women")
    return (patterns.value(said) or 0) if said else 0


def _countable(text: str, place: str) -> str:
    """The text without what counts nothing: times, phones, ordinals, prices, ZIPs, its place, car washes."""
    said = patterns.NOT_A_COUNT.sub(ASIDE, patterns.FORD.sub(r"pickup\2", folded(text)))
    said = patterns.RANGE.sub(r"\1 ", said)
    said = " ; ".join(plain(part) for part in said.split(ASIDE.strip()))
    said = patterns.either_number().sub(r"\g<first>", patterns.TIMES_SIGN.sub(" ", said))
    if place:
        said = re.sub(rf"(?<![a-z0-9]){re.escape(place)}(?![a-z0-9])", ASIDE, said, count=1)
    return without(said, "not_vehicles", put=ASIDE)


def _apart(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Matches that overlap tell of the same vehicles: the first pattern's is kept."""
    kept: list[re.Match[str]] = []
    for match in matches:
        if _is_apart(match, kept):
            kept.append(match)
    return kept


def _is_apart(match: re.Match[str], others: list[re.Match[str]]) -> bool:
    return all(match.end() <= other.start() or match.start() >= other.end() for other in others)


def _colour(said: str) -> str | None:
    return next((name for name, pattern in named("understanding", "colours").items() if pattern.search(said)), None)
