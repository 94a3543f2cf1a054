"""Where do journeys happen, and in what words is it told? Each hotline hears of a corner once: told twice, it is one incident."""

import itertools
from collections.abc import Iterator

from tests.services.system import Hotline

STREETS = ("rita", "seville", "miles", "rugby", "malabar", "stafford", "templeton", "boyle", "cottage", "middleton",
           "arbutus", "marconi", "salt lake", "bissell", "santa fe")  # fmt: skip
CROSSING = ("gage", "clarendon", "randolph")
CORNERS = tuple(zip(STREETS, itertools.cycle(CROSSING), strict=False))
"""Each farther from every other than what two people call one corner."""
SEES = "veo la migra en {street} y {crossing} ahorita, son 4"
"""Too short to be one text passed on: told of a third corner, a longer one would be a chain letter, and folded."""
SAID = itertools.cycle(
    [
        "ice at {street} and {crossing} right now, 4 agents with vests",
        "there is a green truck with border patrol men on {street} by {crossing} ave, i see it from my window",
        "agents just got out of two gray cars, corner {street} and {crossing}, they hold a paper",
        "homeland security jackets, three people, {street} at {crossing}, standing next to the bakery",
        "i see ICE officers asking a man for his id at {crossing} and {street}, a woman is filming",
        "unmarked black suv and masked men with badges, {street} & {crossing}, this very minute",
        "six federal agents walking along {crossing} near {street}, one of them with a dog",
    ]
)
_untold: dict[str, Iterator[tuple[str, str]]] = {}


def untold(hotline: Hotline) -> tuple[str, str]:
    """A corner nobody has told this hotline of yet: the street, and the one that it crosses."""
    return next(_untold.setdefault(hotline.address, iter(CORNERS)))
