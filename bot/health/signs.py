"""Does the hotline work? One sign for each thing that could fail: well, or how it fails and how much that means.

The doctor asks before going live, `/readyz` for a machine, the console for people; what more than one of them has to know is
asked in this room or in those below it, once. The words are the console's.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.health import keeping_up, leaving, upkeep
from bot.health.sign import Sign, Weight

LOOKS: tuple[Callable[[Session], Sign], ...] = (
    leaving.processes,
    leaving.carrier,
    leaving.lanes,
    leaving.freeze,
    leaving.releasers,
    keeping_up.rogue_sends,
    keeping_up.clock,
    keeping_up.carriers_list,
    keeping_up.receipts,
    keeping_up.photos,
    upkeep.database,
    upkeep.redis,
    upkeep.disk,
    upkeep.keys,
    upkeep.to_mend,
    upkeep.reviews,
)


def signs(session: Session) -> list[Sign]:
    """All of them, the gravest first."""
    return sorted((look(session) for look in LOOKS), key=lambda sign: -sign.weight)


def gravest(found: list[Sign]) -> Sign | None:
    """What is to be said in one sentence; nothing where the hotline works."""
    return found[0] if found and found[0].weight > Weight.LOOK else None
