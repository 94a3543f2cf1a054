"""How are neighborhoods drawn? From our own rough outlines (`places/data/outlines.yml`), on no map of anybody's.

SVG's coordinates here are tens of meters to the east and south of a corner: the page needs no script to show them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.incidents.models import Incident
from bot.places.geometry import METERS_PER_DEGREE_LAT, METERS_PER_DEGREE_LON
from bot.places.neighborhoods import Point, adjoining
from bot.places.outlines import outlines

NORTH, WEST = 34.03, -118.27
METERS = 10.0
AROUND = 40.0
"""So much room around what is drawn, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One neighborhood, ready for an SVG."""

    area: str
    points: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Some of them together. `spot`: a corner, where one is known."""

    box: str
    letters: float
    """How large a name is written so that it reads the same however much is drawn."""
    shapes: tuple[Shape, ...]
    spot: tuple[float, float] | None = None


def xy(point: Point) -> tuple[float, float]:
    x = (point[1] - WEST) * METERS_PER_DEGREE_LON / METERS
    y = (NORTH - point[0]) * METERS_PER_DEGREE_LAT / METERS
    return round(x, 1), round(y, 1)


@cache
def of(areas: tuple[str, ...]) -> Drawing:
    """These neighborhoods and no others; the box around them."""
    known = [area for area in areas if area in outlines()]
    box = _box(xy(point) for area in known for point in outlines()[area])
    return Drawing(_text(box), _letters(box), tuple(_shape(area) for area in known))


def near(incident: Incident) -> Drawing:
    """An incident's neighborhoods with those beside them, and its corner."""
    here = incident.neighborhoods
    beside = {one.id for area in here for one in adjoining(area)}
    drawn = of(tuple(sorted({*here, *beside})))
    ours = [area for area in here if area in outlines()]
    box = _box(xy(point) for area in ours for point in outlines()[area])
    spot = xy((incident.latitude, incident.longitude)) if incident.latitude and incident.longitude else None
    return Drawing(_text(box), _letters(box), drawn.shapes, spot)


@cache
def everything() -> Drawing:
    return of(tuple(outlines()))


def as_geojson() -> list[dict[str, Any]]:
    """The outlines as Leaflet reads them: [longitude, latitude]."""
    return [
        {
            "type": "Feature",
            "properties": {"area": area},
            "geometry": {"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in (*line, line[0])]]},
        }
        for area, line in outlines().items()
    ]


def _shape(area: str) -> Shape:
    corners = [xy(point) for point in outlines()[area]]
    return Shape(area, " ".join(f"{x},{y}" for x, y in corners), *_middle(corners))


def _middle(corners: list[tuple[float, float]]) -> tuple[float, float]:
    """The centre of what is drawn, where its name stands."""
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    twice = [ax * by - bx * ay for (ax, ay), (bx, by) in edges]
    x = sum((a[0] + b[0]) * area for (a, b), area in zip(edges, twice, strict=True)) / (3 * sum(twice))
    y = sum((a[1] + b[1]) * area for (a, b), area in zip(edges, twice, strict=True)) / (3 * sum(twice))
    return round(x, 1), round(y, 1)


def _box(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*list(points), strict=True)
    return min(xs) - AROUND, min(ys) - AROUND, max(xs) - min(xs) + 2 * AROUND, max(ys) - min(ys) + 2 * AROUND


def _text(box: tuple[float, float, float, float]) -> str:
    return " ".join(f"{side:.0f}" for side in box)


def _letters(box: tuple[float, float, float, float]) -> float:
    return round(max(box[2], box[3]) / 34, 1)
