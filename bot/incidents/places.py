"""How is an incident's place said, in a language, and when room is short?"""

from bot.incidents.models import Incident
from bot.places.gazetteer import label
from bot.places.neighborhoods import name_of

SHORT = {"hp": "HP", "lb_north": "North LB", "lb_westside": "West LB", "lb_central": "Central LB", "lb_downtown": "Downtown LB",
         "lb_eastside": "East LB", "lb_east": "East LB", "lb_wrigley": "LB", "lb_bixby": "LB", "lb_cambodia": "LB",
         "lb_belmont": "LB"}  # fmt: skip
"""What people here write for the long names; the others are short enough."""


def spoken(incident: Incident, language: str) -> str:
    """`Pacific y Florence`, or the neighborhood where no corner is known."""
    said = label(incident.place_key, language)
    return incident.place if said == incident.place_key else said


def short_area(incident: Incident, language: str) -> str:
    """The neighborhood in as few letters as people use: `HP`. The first one, when it touches several."""
    first = next(iter(incident.neighborhoods), "")
    return SHORT.get(first) or (name_of(first, language) if first else "")


def areas(incident: Incident, language: str) -> str:
    """`Huntington Park, Walnut Park`."""
    return ", ".join(name_of(area, language) for area in incident.neighborhoods)
