"""Which place does a text or a pin mean?

The plainest wins: a corner, then a landmark, a ZIP, a block, a named area, a place outside, one street, a
chain, a city. Whatever stays open is asked back; an ordinary sentence names nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.places.along_streets import find_block, find_street
from bot.places.crossings import find_corner
from bot.places.data_files import read_data
from bot.places.found import NOTHING, Found
from bot.places.half_read import find_half_read_corner
from bot.places.labels import label
from bot.places.landmarks import nearest_outside
from bot.places.lexicon import lexicon
from bot.places.named_landmarks import find_branch, find_chain, find_landmark
from bot.places.named_outside import find_outside, find_outside_city
from bot.places.named_places import find_area as find_named_area
from bot.places.named_places import find_city, find_zip
from bot.places.neighborhoods import all_neighborhoods, name_of, neighborhood
from bot.places.outlines import PIN_BORDER_METERS, areas_at, by_box
from bot.places.scene import Scene

__all__ = ["Found", "find", "find_area", "from_pin", "label", "warm_up"]

_Rule = Callable[[Scene], Found | None]
_REPORTED: tuple[_Rule, ...] = (
    find_corner,
    find_half_read_corner,
    find_landmark,
    find_branch,
    find_zip,
    find_block,
    find_named_area,
    find_outside,
    find_outside_city,
    find_street,
    find_chain,
    find_city,
)
_JOINING: tuple[_Rule, ...] = (
    find_zip,
    find_corner,
    find_named_area,
    find_outside,
    find_outside_city,
    find_landmark,
    find_branch,
    find_block,
    find_city,
    find_street,
    find_chain,
)


def find(text: str, hint: str | None = None) -> Found:
    """The place a report or question names. hint: the neighborhood its sender is subscribed to, if known."""
    return _first(_REPORTED, Scene.of(text, _known(hint)))


def find_area(text: str) -> Found:
    """The area someone wants to hear about: one, or `ask`: nobody is subscribed to an area by a guess."""
    found = _first(_JOINING, Scene.of(text, hint=None, joining=True))
    if len(found.neighborhoods) < 2:
        return found
    return replace(found, neighborhoods=(), ask=True, choices=found.neighborhoods)


def from_pin(lat: float, lon: float) -> Found:
    """The area of a shared position. Its label is the area's name: a pin may be somebody's home."""
    point = (lat, lon)
    areas = areas_at(point, PIN_BORDER_METERS) or by_box(point)
    if not areas:
        return Found(kind="pin", outside=_outside_name(point))
    return Found(
        neighborhoods=areas,
        place=name_of(areas[0], "en"),
        key=f"pin:{lat:.3f},{lon:.3f}@{areas[0]}",  # to about 100 m
        kind="pin",
        lat=round(lat, 3),
        lon=round(lon, 3),
    )


def warm_up() -> None:
    """Read every data file now, so that the first text is as fast as the next."""
    lexicon()
    for each in all_neighborhoods():
        find(f"{each.name} y pacific con florence, hunnington prak")


def _first(rules: tuple[_Rule, ...], scene: Scene) -> Found:
    return next((found for rule in rules if (found := rule(scene))), NOTHING)


def _known(hint: str | None) -> str | None:
    """A hint must be one of our areas: anything else is a slip of the caller and says so."""
    return neighborhood(hint).id if hint else None


def _outside_name(point: tuple[float, float]) -> str:
    lat, lon = point
    inside_map = 32.0 < lat < 36.0 and -120.0 < lon < -116.0
    return nearest_outside(point) if inside_map else str(read_data("words")["far_away"])
