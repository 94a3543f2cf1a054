"""Which area, ZIP or city does a text name?"""

from bot.places.data_files import read_data
from bot.places.found import Found
from bot.places.landmarks import chains, landmarks
from bot.places.mentions import Mention
from bot.places.neighborhoods import adjoining, of_city
from bot.places.scene import Scene, side_of
from bot.places.streets import reaches

_BORDER_WORDS = frozenset({"border", "between", "entre", "limite", "line", "linea", "orilla", "edge"})


def find_zip(scene: Scene) -> Found | None:
    """The areas of every ZIP named; where one ZIP is shared, an area named beside it decides."""
    known = read_data("zips")
    covered = [code for code in scene.zips if code in known["covered"]]
    if not covered:
        return _outside_zip(scene)
    areas = tuple(dict.fromkeys(area for code in covered for area in known["covered"][code]))
    areas = tuple(area for area in areas if area in scene.areas) or areas
    key = f"zip:{covered[0]}"
    return scene.found("zip", key, areas) if len(areas) == 1 else scene.asked("zip", key, areas)


def _outside_zip(scene: Scene) -> Found | None:
    names = read_data("zips")["outside"]
    return next((scene.elsewhere(names[code]) for code in scene.zips), None)


def find_area(scene: Scene) -> Found | None:
    """The area named; several only when the text says it is between them, else the person is asked."""
    areas = tuple(scene.areas)
    if not areas:
        return None
    between = bool(_BORDER_WORDS & set(scene.words)) and _side_by_side(areas)
    if len(areas) > 1 and not between:
        return scene.asked("area", None, areas, *scene.areas.values())
    return _branch(scene, areas) or _in_area(scene, areas)


def _side_by_side(areas: tuple[str, ...]) -> bool:
    beside = {each.id for each in adjoining(areas[0])}
    return all(area in beside for area in areas[1:])


def _branch(scene: Scene, areas: tuple[str, ...]) -> Found | None:
    """ "Home Depot in HP": the branch of a chain in the area named."""
    for mention in scene.mentions:
        for meaning in mention.of("chain"):
            branch = dict(chains()[meaning.id].branches).get(areas[0])
            if branch:
                point = landmarks()[branch].point
                return scene.found("landmark", f"landmark:{branch}", areas, mention, point=point)
    return None


def _in_area(scene: Scene, areas: tuple[str, ...]) -> Found:
    """The area, with the one street of it that the text names, if any."""
    street = _street_through(scene, areas[0])
    mentions = scene.areas.values()
    if street:
        return scene.found("street", f"street:{street}@{side_of(areas[0])}/{areas[0]}", areas, *mentions)
    return scene.found("area", f"area:{areas[0]}", areas, *mentions)


def _street_through(scene: Scene, area: str) -> str | None:
    for mention in scene.mentions:
        street = mention.street
        if street is None or mention is scene.areas[area]:
            continue
        sure = mention.pointed or (street.weight == "sure" and not mention.guessed)
        if (sure or _right_before(scene, mention, area)) and reaches(street.id, side_of(area), area):
            return street.id
    return None


def _right_before(scene: Scene, mention: Mention, area: str) -> bool:
    """ "en orange North Long Beach": a tree or a state anywhere else, and the street where its neighborhood follows at once."""
    return not mention.bare and mention.end == scene.areas[area].start


def find_city(scene: Scene) -> Found | None:
    """ "Long Beach" alone: one of its areas, and the person is asked which."""
    if len(scene.cities) != 1:
        return None
    (city,) = scene.cities
    named = (each for each in scene.mentions if each.of("city"))
    return scene.asked("area", f"area:{city}", of_city(city), *named)
