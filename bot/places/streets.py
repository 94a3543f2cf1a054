"""Where does each street run, where do two of them cross, and which neighborhoods does one pass through?"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from bot.places.data_files import read_data
from bot.places.geometry import Line, along, crossing, interpolate
from bot.places.neighborhoods import Point
from bot.places.ordinals import ordinal
from bot.places.outlines import areas_at, inside

SIDES = ("hp", "lb")
REACH_DEGREES = 0.0022  # ends are approximate: a street may go on for 200 m more than we drew
PASSING_SHARE = 0.1  # a street passes through an area if this much of it lies inside


@dataclass(frozen=True, slots=True)
class Street:
    id: str
    side: str
    name: str
    line: Line

    @property
    def north_south(self) -> bool:
        lats, lons = [lat for lat, _ in self.line], [lon for _, lon in self.line]
        return max(lats) - min(lats) > max(lons) - min(lons)


@dataclass(frozen=True, slots=True)
class Corner:
    streets: tuple[str, str]
    side: str
    areas: tuple[str, ...]
    point: Point

    @property
    def key(self) -> str:
        return f"corner:{'+'.join(sorted(self.streets))}@{self.side}"


@cache
def street(name: str, side: str) -> Street | None:
    """The street of this id on this side: drawn in streets.yml, or laid on the ladder of numbered streets."""
    row = read_data("streets")[side].get(name)
    line = _drawn(row) if row else _numbered(name, side)
    return Street(name, side, display_name(name), line) if line else None


def display_name(name: str) -> str:
    row = read_data("street_names").get(name)
    return str(row["name"]) if row else name


@cache
def corner(one: str, other: str, side: str) -> Corner | None:
    """Where two streets meet on this side, with its neighborhoods; what corners.yml knows goes first."""
    first, second = street(one, side), street(other, side)
    if first is None or second is None or one == other:
        return None
    known = _known_corners().get((side, frozenset((one, other))))
    point = tuple(known["at"]) if known and "at" in known else crossing(first.line, second.line, REACH_DEGREES)
    if point is None:
        return None
    areas = tuple(known["areas"]) if known else areas_at(point)
    ordered = tuple(known["streets"]) if known else _spoken_order(first, second)
    return Corner(ordered, side, areas, point)


@cache
def passes(name: str, side: str) -> tuple[str, ...]:
    """The neighborhoods a street runs through, longest stretch first."""
    found = street(name, side)
    if found is None:
        return ()
    places = [inside(point) for point in along(found.line, step=0.0008)]
    counts = Counter(place for place in places if place)
    total = max(1, sum(counts.values()))
    return tuple(area for area, count in counts.most_common() if count / total >= PASSING_SHARE or count >= 8)


def reaches(name: str, side: str, area: str) -> bool:
    """Whether it passes through this neighborhood, or has a corner that counts to it: one along its edge does."""
    return area in passes(name, side) or area in _areas_of_corners().get((side, name), ())


def block_point(name: str, side: str, hundred: int, west: bool = False) -> Point | None:
    """About where a hundred block of a street is; nothing if that street does not get there."""
    found = street(name, side)
    if found is None:
        return None
    if found.north_south:
        lat = interpolate(read_data("streets")["numbered"][side]["rungs"], hundred / 100)
        return _on_line(found.line, 0, lat)
    ladders = read_data("streets")["house_numbers"][side]
    lon = interpolate(ladders.get("west" if west else "east", ladders["east"]), max(hundred, 1))
    return _on_line(found.line, 1, lon)


@cache
def _known_corners() -> dict[tuple[str, frozenset[str]], Any]:
    rows = read_data("corners")
    return {(side, frozenset(row["streets"])): row for side in SIDES for row in rows[side]}


@cache
def _areas_of_corners() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (side, names), row in _known_corners().items():
        for name in names:
            found[side, name] |= set(row["areas"])
    return found


def _spoken_order(first: Street, second: Street) -> tuple[str, str]:
    """One order for a corner whichever way it was typed: the north-south street first, then by name."""
    one, other = sorted((first, second), key=lambda each: (not each.north_south, each.id))
    return (one.id, other.id)


def _drawn(row: dict[str, Any]) -> Line:
    if "ns" in row:
        lon, south, north = row["ns"]
        return ((south, lon), (north, lon))
    if "ew" in row:
        lat, west, east = row["ew"]
        return ((lat, west), (lat, east))
    return tuple((lat, lon) for lat, lon in row["line"])


def _numbered(name: str, side: str) -> Line | None:
    digits = name[:-2]
    if not (digits.isascii() and digits.isdigit()) or name != ordinal(int(digits)):
        return None
    ladder = read_data("streets")["numbered"][side]
    for band in ladder["bands"]:
        if band["from"] <= int(digits) <= band["to"]:
            lat = interpolate(ladder["rungs"], int(digits))
            return None if lat is None else ((lat, band["west"]), (lat, band["east"]))
    return None


def _on_line(line: Line, axis: int, value: float | None) -> Point | None:
    if value is None:
        return None
    for a, b in pairwise(line):
        low, high = sorted((a, b), key=lambda point: point[axis])
        if low[axis] <= value <= high[axis] and high[axis] > low[axis]:
            share = (value - low[axis]) / (high[axis] - low[axis])
            return (low[0] + (high[0] - low[0]) * share, low[1] + (high[1] - low[1]) * share)
    return None
