"""Which neighborhoods does a point on the map belong to? A point on a shared edge belongs to both sides."""

from functools import cache
from math import isfinite

from bot.places.data_files import read_data
from bot.places.geometry import Line, contains, meters, meters_to_edge
from bot.places.neighborhoods import Point, all_neighborhoods

# A corner this near an edge lies on it: our lines are good to about 150 m, and a street is 25 m wide.
BORDER_METERS = 75.0
PIN_BORDER_METERS = 120.0  # a phone's position is looser than a named corner
NEAR_METERS = 350.0  # just past an outline drawn to 200 m: still its area


@cache
def outlines() -> dict[str, Line]:
    return {area: tuple((lat, lon) for lat, lon in points) for area, points in read_data("outlines").items()}


def areas_at(point: Point, border: float = BORDER_METERS) -> tuple[str, ...]:
    """The areas a point lies in or on the edge of, deepest first; the nearest one, if just outside."""
    if not all(map(isfinite, point)) or not _in_reach(point):
        return ()
    depths = {area: _depth(outline, point) for area, outline in outlines().items()}
    touching = sorted((area for area in depths if depths[area] >= -border), key=lambda area: -depths[area])
    if touching and depths[touching[0]] >= 0:
        return tuple(touching)
    nearest = max(depths, key=lambda area: depths[area])
    return (nearest,) if depths[nearest] >= -NEAR_METERS else ()


def inside(point: Point) -> str | None:
    """The one area whose outline holds the point, without any tolerance."""
    return next((area for area, outline in outlines().items() if contains(outline, point)), None)


def by_box(point: Point) -> tuple[str, ...]:
    """For points no outline claims: the area whose box holds it and whose centre is nearest."""
    boxed = [each for each in all_neighborhoods() if _in_box(each.box, point)]
    return (min(boxed, key=lambda each: meters(each.centre, point)).id,) if boxed else ()


def _depth(outline: Line, point: Point) -> float:
    """Meters from the edge: positive inside, negative outside."""
    distance = meters_to_edge(outline, point)
    return distance if contains(outline, point) else -distance


def _in_reach(point: Point) -> bool:
    return 33.7 < point[0] < 34.1 and -118.35 < point[1] < -118.0


def _in_box(box: tuple[float, float, float, float], point: Point) -> bool:
    west, south, east, north = box
    return south <= point[0] <= north and west <= point[1] <= east
