"""Which places have a name of their own, which chains have several branches, and what lies outside?"""

from dataclasses import dataclass
from functools import cache

from bot.places.data_files import read_data
from bot.places.geometry import meters
from bot.places.neighborhoods import Point


@dataclass(frozen=True, slots=True)
class Landmark:
    id: str
    name: str
    areas: tuple[str, ...]
    point: Point
    names: tuple[str, ...]
    sensitive: bool = False
    ask: bool = False
    local_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A name with several branches, or (kind_of_place) a word for a kind of place: "la iglesia"."""

    id: str
    name: str
    names: tuple[str, ...]
    branches: tuple[tuple[str, str], ...] = ()
    kind_of_place: bool = False
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    name: str
    point: Point
    names: tuple[str, ...]
    shy: tuple[str, ...] = ()
    street_first: bool = False


@cache
def landmarks() -> dict[str, Landmark]:
    return {
        row["id"]: Landmark(
            id=row["id"],
            name=row["name"],
            areas=tuple(row["areas"]),
            point=(row["at"][0], row["at"][1]),
            names=tuple(row["names"]),
            sensitive=row.get("sensitive", False),
            ask=row.get("ask", False),
            local_names=tuple(row.get("local", ())),
        )
        for row in read_data("landmarks")
    }


@cache
def chains() -> dict[str, Chain]:
    return {
        row["id"]: Chain(
            id=row["id"],
            name=row["name"],
            names=tuple(row["names"]),
            branches=tuple(row.get("branches", {}).items()),
            kind_of_place=row.get("kind", False),
            sensitive=row.get("sensitive", False),
        )
        for row in read_data("chains")
    }


@cache
def outside_places() -> tuple[Outside, ...]:
    return tuple(
        Outside(
            name=row["name"],
            point=(row["at"][0], row["at"][1]),
            names=tuple(row["names"]),
            shy=tuple(row.get("shy", ())),
            street_first=row.get("street_first", False),
        )
        for row in read_data("outside")
    )


def nearest_outside(point: Point) -> str:
    """The name of the outside place a point is nearest to."""
    return min(outside_places(), key=lambda each: meters(each.point, point)).name
