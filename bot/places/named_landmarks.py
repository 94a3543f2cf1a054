"""Which landmark or chain does a text name?"""

from bot.places.found import Found
from bot.places.geometry import meters_to_line
from bot.places.landmarks import Landmark, chains, landmarks
from bot.places.lexicon import Meaning
from bot.places.mentions import Mention
from bot.places.neighborhoods import adjoining
from bot.places.scene import Scene, side_of
from bot.places.streets import SIDES, passes, street

BRANCH_METERS = 250.0


def find_landmark(scene: Scene) -> Found | None:
    for mention in scene.mentions:
        fitting = [each for each in mention.of("landmark") if _fits(scene, landmarks()[each.id])]
        if fitting:
            return _found(scene, fitting, mention)
    return None


def _fits(scene: Scene, place: Landmark) -> bool:
    """A landmark far from every area or city the text names is another place of the same name."""
    if scene.areas:
        around = {each.id for area in place.areas for each in adjoining(area)} | set(place.areas)
        return bool(around & set(scene.areas))
    return not scene.sides or any(side_of(area) in scene.sides for area in place.areas)


def _found(scene: Scene, fitting: list[Meaning], mention: Mention) -> Found:
    place = landmarks()[fitting[0].id]
    key = f"landmark:{place.id}"
    areas = tuple(dict.fromkeys(area for each in fitting for area in landmarks()[each.id].areas))
    unplaced = fitting[0].weight == "local" and not _local(scene, place)
    if place.ask or len(fitting) > 1 or unplaced:
        return scene.asked("landmark", key, areas, mention)
    named_first = tuple(sorted(areas, key=lambda area: area not in scene.areas))
    return scene.found("landmark", key, named_first, mention, point=place.point)


def _local(scene: Scene, place: Landmark) -> bool:
    side = side_of(place.areas[0])
    return side in scene.sides or scene.hint_side == side or _beside_a_street(scene, place)


def _beside_a_street(scene: Scene, place: Landmark) -> bool:
    """ "MacArthur Park on Anaheim": a street of its own area vouches for it."""
    streets = [each.street for each in scene.mentions if each.street and not each.bare]
    return any(place.areas[0] in passes(each.id, side) for each in streets for side in SIDES)


def find_branch(scene: Scene) -> Found | None:
    """ "El Home Depot de la Cherry": the one branch by a street the text names."""
    for mention in scene.mentions:
        for meaning in mention.of("chain"):
            near = [branch for _, branch in chains()[meaning.id].branches if _by_a_street(scene, landmarks()[branch])]
            if len(near) == 1:
                place = landmarks()[near[0]]
                return scene.found("landmark", f"landmark:{place.id}", place.areas, mention, point=place.point)
    return None


def _by_a_street(scene: Scene, place: Landmark) -> bool:
    side = side_of(place.areas[0])
    named = (meaning for each in scene.mentions if not each.bare for meaning in each.of("street"))
    lines = (found.line for each in named if (found := street(each.id, side)))
    return any(meters_to_line(line, place.point) <= BRANCH_METERS for line in lines)


def find_chain(scene: Scene) -> Found | None:
    """A chain or a kind of place ("la iglesia") alone: we ask which one."""
    named = [(each, chains()[meaning.id]) for each in scene.mentions for meaning in each.of("chain")]
    for mention, chain in sorted(named, key=lambda pair: pair[1].kind_of_place):
        areas = tuple(area for area, _ in chain.branches)
        fitting = tuple(area for area in areas if scene.on_one_side(side_of(area)))
        key = None if chain.kind_of_place else f"chain:{chain.id}"
        return scene.asked("chain", key, fitting or areas, mention)
    return None
