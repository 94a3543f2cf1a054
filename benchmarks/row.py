"""What did one measurement say, and is it what we set out for? Both sides in one run, as a ratio."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a benchmark's table. `ratio` is what the goal speaks of, so that a faster machine changes nothing."""

    what: str
    ours: float
    against: str
    """The other side, in words; a bound where there is no program to compare with."""
    theirs: float
    unit: str
    ratio: float
    goal: float | None = None
    """Nothing: it is printed to be known, and nothing was set out for."""
    at_most: bool = False
    """The goal is a ceiling, not a floor."""

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal
