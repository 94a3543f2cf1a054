"""Which place does a dispatcher mean? What they typed, read as a resident's text is; where it stays open, they choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.places import gazetteer
from bot.places.found import NOTHING, Found
from bot.places.narrowing import narrowed
from bot.places.neighborhoods import all_neighborhoods
from bot.reports.spots import usable

LONGEST_PLACE = 120


@dataclass(frozen=True)
class Meant:
    """What was typed, and what it names."""

    text: str = ""
    found: Found = NOTHING

    @property
    def is_clear(self) -> bool:
        return usable(self.found)

    @property
    def choices(self) -> tuple[str, ...]:
        """The neighborhoods that it may be in; a street through all of town offers none and wants its cross street."""
        return self.found.choices if self.found.ask else ()

    @property
    def trouble(self) -> str:
        """The last part of a key of `console.where`; empty when it is clear."""
        if self.is_clear:
            return ""
        if self.found.outside:
            return "outside"
        if self.choices:
            return "which"
        return "other_street" if self.found.ask else "unknown"


def meant(form: Mapping[str, str]) -> Meant:
    """Out of a form: `place` as typed, and `area` where one was chosen."""
    said = form.get("place", "").strip()[:LONGEST_PLACE]
    area = form.get("area", "")
    if area in {each.id for each in all_neighborhoods()}:
        return Meant(said, narrowed(said, area))
    return Meant(said, gazetteer.find(said) if said else NOTHING)
