"""Where do two streets cross, which outline holds a point, and how far apart are two points?

Plain arithmetic on a flat map: within twenty kilometres the error is far below what our points are good for.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, hypot, radians

from bot.places.neighborhoods import Point

Line = tuple[Point, ...]
LEAST_SINE = 0.35  # flatter than about 20 degrees, two lines are the same way, not a corner
METERS_PER_DEGREE_LAT = 110_950.0
METERS_PER_DEGREE_LON = 111_320.0 * cos(radians(33.9))


def meters(a: Point, b: Point) -> float:
    return hypot((a[0] - b[0]) * METERS_PER_DEGREE_LAT, (a[1] - b[1]) * METERS_PER_DEGREE_LON)


def contains(outline: Line, point: Point) -> bool:
    """Whether the point lies inside: a ray to the east crosses the edge an odd number of times."""
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in _edges(outline):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside


def meters_to_edge(outline: Line, point: Point) -> float:
    return min(_meters_to_segment(point, a, b) for a, b in _edges(outline))


def meters_to_line(line: Line, point: Point) -> float:
    return min(_meters_to_segment(point, a, b) for a, b in pairwise(line))


def crossing(one: Line, other: Line, reach: float) -> Point | None:
    """Where two lines meet, each lengthened by `reach` degrees at its ends (our ends are approximate)."""
    for a, b in pairwise(_lengthened(one, reach)):
        for c, d in pairwise(_lengthened(other, reach)):
            point = _segments_cross(a, b, c, d)
            if point is not None:
                return point
    return None


def along(line: Line, step: float) -> Iterator[Point]:
    """Points along the line, one every `step` degrees, the ends left out (they lie on borders)."""
    for a, b in pairwise(line):
        pieces = max(2, round(max(abs(b[0] - a[0]), abs(b[1] - a[1])) / step))
        for piece in range(pieces):
            share = (piece + 0.5) / pieces
            yield (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def interpolate(rungs: Sequence[Sequence[float]], value: float) -> float | None:
    """The second coordinate of a ladder of [value, coordinate] rungs; nothing beyond its ends."""
    for (low, start), (high, end) in pairwise(rungs):
        if low <= value <= high:
            return start + (end - start) * (value - low) / (high - low)
    return None


def _edges(outline: Line) -> Iterator[tuple[Point, Point]]:
    yield from pairwise(outline)
    yield outline[-1], outline[0]


def _meters_to_segment(point: Point, a: Point, b: Point) -> float:
    px, py = (point[1] - a[1]) * METERS_PER_DEGREE_LON, (point[0] - a[0]) * METERS_PER_DEGREE_LAT
    bx, by = (b[1] - a[1]) * METERS_PER_DEGREE_LON, (b[0] - a[0]) * METERS_PER_DEGREE_LAT
    length = bx * bx + by * by
    share = 0.0 if length == 0 else max(0.0, min(1.0, (px * bx + py * by) / length))
    return hypot(px - share * bx, py - share * by)


def _lengthened(line: Line, reach: float) -> Line:
    return (_beyond(line[1], line[0], reach), *line[1:-1], _beyond(line[-2], line[-1], reach))


def _beyond(start: Point, end: Point, reach: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (end[0] + (end[0] - start[0]) * reach / length, end[1] + (end[1] - start[1]) * reach / length)


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    r, s = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    denominator = r[0] * s[1] - r[1] * s[0]
    if abs(denominator) <= LEAST_SINE * hypot(*r) * hypot(*s):
        return None
    t = ((c[0] - a[0]) * s[1] - (c[1] - a[1]) * s[0]) / denominator
    u = ((c[0] - a[0]) * r[1] - (c[1] - a[1]) * r[0]) / denominator
    return (a[0] + t * r[0], a[1] + t * r[1]) if 0 <= t <= 1 and 0 <= u <= 1 else None
