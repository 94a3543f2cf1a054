"""Which places can an incident stand on, and which two are the same one?"""

from bot.incidents.models import Incident
from bot.incidents.opening import Spot
from bot.places.found import Found
from bot.places.geometry import meters

SAME_CORNER_METERS = 150
"""Our points are good to about 150 m (places/data), and the nearest parallel streets lie 200 m apart."""
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


def is_area(incident: Incident) -> bool:
    """Only a neighborhood or a long street is known of it."""
    return incident.latitude is None


def near(incident: Incident, spot: Spot) -> bool:
    if incident.latitude is None or incident.longitude is None or spot.latitude is None or spot.longitude is None:
        return False
    return meters((incident.latitude, incident.longitude), (spot.latitude, spot.longitude)) <= SAME_CORNER_METERS
