"""How do we tell a reporter what we understood? Put together from slots, never from the person's own words."""

from typing import TYPE_CHECKING

from bot.places import labels
from messages import catalog

if TYPE_CHECKING:
    from bot.reports.intake import Sighting


def summary(sighting: "Sighting", language: str) -> str:
    """ "8 agentes de ICE, 2 vehículos (van, blanco), Pacific y Florence, ahora"."""
    parts = [
        _who(sighting, language),
        _vehicles(sighting, language),
        _where(sighting, language),
        _when(sighting, language),
    ]
    return ", ".join(part for part in parts if part)


def _who(sighting: "Sighting", language: str) -> str:
    uniform = sighting.uniform.lower()
    if sighting.size is None:
        return catalog.text(f"intake.agency_{uniform}", language)
    return catalog.text(f"intake.people_{uniform}", language, count=sighting.size)


def _vehicles(sighting: "Sighting", language: str) -> str:
    kind, colour = sighting.vehicle_kind, sighting.vehicle_colour
    if kind is None:
        return ""
    seen = [catalog.text(f"intake.kind_{kind}", language)]
    seen += [catalog.text(f"intake.colour_{colour}", language)] if colour else []
    if sighting.vehicles is None:
        return catalog.text("intake.some_vehicles", language, seen=", ".join(seen))
    return catalog.text("intake.vehicles", language, count=sighting.vehicles, seen=", ".join(seen))


def _where(sighting: "Sighting", language: str) -> str:
    return labels.label(sighting.place, language) if sighting.place.place else ""


def _when(sighting: "Sighting", language: str) -> str:
    """As they said it. Whom we ask whether it is now did not say so."""
    return catalog.text(f"intake.time_{sighting.time}", language) if sighting.time_said else ""
