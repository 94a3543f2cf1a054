"""What did we find in a text, and how sure are we of it?"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["corner", "landmark", "chain", "street", "zip", "area", "pin", "none"]


@dataclass(frozen=True, slots=True)
class Found:
    """A place read out of a text or a pin.

    neighborhoods: the areas it is in, surest first. Several: it lies on a border and belongs to all of them.
    ask: we cannot tell; the person must be asked, with `choices` to offer (none: ask openly for the corner).
         `neighborhoods` is empty then, so that nothing is sent by a guess.
    outside: the name of the place we do not cover.
    place: what we call it to others, in English: never a house number (an address is reduced to its block).
    key: the same for everyone who means the same place; `labels.label` says it in other languages.
    sensitive: at or by a school, clinic, hospital, shelter or church.
    matched: the words of the text that were used, as read (small letters, no accents, no house number).
    """

    neighborhoods: tuple[str, ...] = ()
    ask: bool = False
    choices: tuple[str, ...] = ()
    outside: str | None = None
    place: str | None = None
    key: str | None = None
    kind: Kind = "none"
    lat: float | None = None
    lon: float | None = None
    sensitive: bool = False
    matched: str = ""


NOTHING = Found()
