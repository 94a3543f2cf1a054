"""What is one sign of health? Of one thing: how it is, and how much that means to those who rely on us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Weight(IntEnum):
    WELL = 0
    LOOK = 1
    """Nobody notices yet: see to it today."""
    PARTLY = 2
    """Something people rely on does not happen."""
    STOPPED = 3
    """Nothing leaves."""


@dataclass(frozen=True, slots=True)
class Sign:
    """`health.<of>_<how>` says it in the console's words, and `..._mend` what to do."""

    of: str
    how: str = "well"
    weight: Weight = Weight.WELL
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.of}_{self.how}"
