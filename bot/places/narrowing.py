"""Somebody chose one of the neighborhoods we offered: the place they named, now in that one."""

from dataclasses import replace

from bot.places import gazetteer, neighborhoods
from bot.places.found import Found


def narrowed(text: str, area: str) -> Found:
    """What `text` names in `area`; where it still stays open, the neighborhood itself."""
    found = gazetteer.find(text, hint=area)
    if found.key and not found.ask and area in found.neighborhoods:
        return found
    known = neighborhoods.neighborhood(area)
    return replace(
        found,
        neighborhoods=(area,),
        ask=False,
        choices=(),
        place=known.name,
        key=f"area:{area}",
        kind="area",
        outside=None,
    )
