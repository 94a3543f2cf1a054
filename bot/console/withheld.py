"""Which counts may leave the house? Small ones would say something of somebody: they stay here, and what gives them away too."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from bot.settings import settings

Key = TypeVar("Key", bound=Hashable)


def small(count: int) -> bool:
    """Some, but few. None at all says nothing of anybody."""
    return 0 < count < settings().smallest_count_shown


def shown(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The counts, `None` for what is withheld. Of one alone the total would tell: then the next smallest goes as well."""
    kept = {key: None if small(count) else count for key, count in counts.items()}
    if sum(count is None for count in kept.values()) == 1:
        others = [key for key, count in counts.items() if kept[key] is not None and count > 0]
        if others:
            kept[min(others, key=lambda key: counts[key])] = None
    return kept
