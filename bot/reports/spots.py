"""Which places can an incident stand on, and which two are the same one?"""

from math import cos, inf, radians

from sqlalchemy import ColumnElement, and_, false, or_

from bot.incidents.models import Incident
from bot.incidents.opening import Spot
from bot.places.found import Found
from bot.places.geometry import meters

SAME_CORNER_METERS = 150
"""Our points are good to about 150 m (places/data), and the nearest parallel streets lie 200 m apart."""
METERS_A_DEGREE = 111_320.0
"""Of latitude."""
NO_CORNER = ("area", "zip", "street", "chain", "none")


def usable(found: Found) -> bool:
    """We know which neighborhood it is in, and by which name to call it."""
    return bool(found.neighborhoods and found.key and found.place) and not found.ask and found.outside is None


def spot_of(found: Found) -> Spot:
    """The place of a report as an incident keeps it."""
    vague = found.kind in NO_CORNER
    return Spot(
        key=found.key or "",
        label=found.place or "",
        neighborhoods=found.neighborhoods,
        latitude=None if vague else found.lat,
        longitude=None if vague else found.lon,
        sensitive=found.sensitive,
        is_area=vague,
    )


def streets_named(key: str) -> frozenset[str]:
    """The streets that a place's key names: two of a corner, one of a street or a block, none of anything else."""
    sort, _, rest = key.partition(":")
    names = rest.partition("@")[0].split("+")
    return frozenset(names[1:] if sort == "block" else names if sort in ("corner", "street") else ())


def is_area(incident: Incident) -> bool:
    """Only a neighborhood or a long street is known of it."""
    return incident.latitude is None


def near(incident: Incident, spot: Spot) -> bool:
    return meters_between(incident, spot) <= SAME_CORNER_METERS


def meters_between(incident: Incident, spot: Spot) -> float:
    """Endless where either is no more than a neighborhood."""
    if incident.latitude is None or incident.longitude is None or spot.latitude is None or spot.longitude is None:
        return inf
    return meters((incident.latitude, incident.longitude), (spot.latitude, spot.longitude))


def at_the_spot(spot: Spot) -> ColumnElement[bool]:
    """Incidents there or not far from there: `near` says which."""
    named = Incident.place_key == spot.key[:80]
    return named if spot.latitude is None else or_(named, within(spot, SAME_CORNER_METERS))


def within(spot: Spot, distance: float) -> ColumnElement[bool]:
    """In the square around it: the database counts in degrees."""
    if spot.latitude is None or spot.longitude is None:
        return false()
    north, east = distance / METERS_A_DEGREE, distance / (METERS_A_DEGREE * cos(radians(spot.latitude)))
    return and_(
        Incident.latitude.between(spot.latitude - north, spot.latitude + north),
        Incident.longitude.between(spot.longitude - east, spot.longitude + east),
    )
