"""Which landmark, chain, ZIP, area or outside place does a text name?"""

from bot.places.data_files import read_data
from bot.places.found import Found
from bot.places.labels import label
from bot.places.landmarks import Landmark, chains, landmarks, outside_places
from bot.places.mentions import Mention
from bot.places.neighborhoods import adjoining, name_of, neighborhood, of_city
from bot.places.scene import Scene, side_of
from bot.places.streets import SIDES, passes

_BORDER_WORDS = frozenset({"border", "between", "entre", "limite", "line", "linea", "orilla", "edge"})


def find_landmark(scene: Scene) -> Found | None:
    for mention in scene.mentions:
        named = [landmarks()[each.id] for each in mention.of("landmark") if _fits(scene, landmarks()[each.id])]
        if named:
            return _landmark_found(scene, named, mention)
    return None


def _fits(scene: Scene, place: Landmark) -> bool:
    """A landmark far from every area or city the text names is another place of the same name."""
    if scene.areas:
        around = {each.id for area in place.areas for each in adjoining(area)} | set(place.areas)
        return bool(around & set(scene.areas))
    return not scene.sides or any(side_of(area) in scene.sides for area in place.areas)


def _landmark_found(scene: Scene, named: list[Landmark], mention: Mention) -> Found:
    place = named[0]
    areas = tuple(dict.fromkeys(area for each in named for area in each.areas))
    unsure = place.ask or len(named) > 1 or (place.local and not _local(scene, place))
    chosen = tuple(area for area in areas if area in scene.areas) or areas
    lat, lon = place.point
    return Found(
        neighborhoods=() if unsure else (*chosen, *(area for area in areas if area not in chosen)),
        ask=unsure, choices=scene.hint_first(areas) if unsure else (), place=place.name, key=f"landmark:{place.id}",
        kind="landmark", lat=lat, lon=lon, sensitive=place.sensitive or scene.sensitive, matched=scene.phrase(mention),
    )  # fmt: skip


def _local(scene: Scene, place: Landmark) -> bool:
    side = side_of(place.areas[0])
    return side in scene.sides or scene.hint_side == side or _beside_a_street(scene, place)


def _beside_a_street(scene: Scene, place: Landmark) -> bool:
    """"MacArthur Park on Anaheim": a street of its own area vouches for it."""
    streets = [each.street for each in scene.mentions if each.street and not each.bare]
    return any(place.areas[0] in passes(each.id, side) for each in streets for side in SIDES)


def find_zip(scene: Scene) -> Found | None:
    known = read_data("zips")
    for code in scene.zips:
        if code in known["outside"]:
            return Found(outside=known["outside"][code], kind="zip", key=f"zip:{code}", matched=code)
        areas = tuple(area for area in known["covered"][code] if area in scene.areas) or tuple(known["covered"][code])
        unsure = len(areas) > 1
        lat, lon = neighborhood(areas[0]).centre
        return Found(
            neighborhoods=() if unsure else areas, ask=unsure, choices=scene.hint_first(areas) if unsure else (),
            place=label(f"zip:{code}", "en"), key=f"zip:{code}", kind="zip", lat=lat, lon=lon,
            sensitive=scene.sensitive, matched=code,
        )  # fmt: skip
    return None


def find_area(scene: Scene) -> Found | None:
    """The area named; several only when the text says it is between them, else the person is asked."""
    areas = tuple(scene.areas)
    if not areas:
        return None
    matched = scene.phrase(*scene.areas.values())
    if len(areas) > 1 and not (_BORDER_WORDS & set(scene.words) and _side_by_side(areas)):
        return Found(ask=True, choices=scene.hint_first(areas), kind="area", sensitive=scene.sensitive, matched=matched)
    return _branch(scene, areas, matched) or _in_area(scene, areas, matched)


def _side_by_side(areas: tuple[str, ...]) -> bool:
    return all(any(each.id == other for each in adjoining(areas[0])) for other in areas[1:])


def _branch(scene: Scene, areas: tuple[str, ...], matched: str) -> Found | None:
    for mention in scene.mentions:
        for meaning in mention.of("chain"):
            branch = dict(chains()[meaning.id].branches).get(areas[0])
            if branch:
                place = landmarks()[branch]
                lat, lon = place.point
                return Found(
                    neighborhoods=areas, place=place.name, key=f"landmark:{branch}", kind="landmark", lat=lat, lon=lon,
                    sensitive=place.sensitive or scene.sensitive, matched=f"{scene.phrase(mention)} {matched}",
                )  # fmt: skip
    return None


def _in_area(scene: Scene, areas: tuple[str, ...], matched: str) -> Found:
    """The area, with the one street of it that the text names, if any."""
    lat, lon = neighborhood(areas[0]).centre
    street = _street_through(scene, areas[0])
    key = f"street:{street}@{side_of(areas[0])}/{areas[0]}" if street else f"area:{areas[0]}"
    place = f"{label(key, 'en')}, {name_of(areas[0], 'en')}" if street else name_of(areas[0], "en")
    return Found(
        neighborhoods=areas, place=place, key=key, kind="street" if street else "area", lat=lat, lon=lon,
        sensitive=scene.sensitive, matched=matched,
    )  # fmt: skip


def _street_through(scene: Scene, area: str) -> str | None:
    for mention in scene.mentions:
        street = mention.street
        plain = street and (mention.pointed or (street.weight == "sure" and not mention.guessed))
        if street and plain and mention is not scene.areas[area] and area in passes(street.id, side_of(area)):
            return street.id
    return None


def find_city(scene: Scene) -> Found | None:
    """ "Long Beach" alone: one of its areas, and the person is asked which."""
    if len(scene.cities) != 1:
        return None
    (city,) = scene.cities
    words = scene.phrase(*(each for each in scene.mentions if each.of("city")))
    key = f"area:{city}" if city == "lb" else None
    return Found(
        ask=True, choices=scene.hint_first(of_city(city)), place=label(key, "en") if key else None, key=key, kind="area",
        sensitive=scene.sensitive, matched=words,
    )  # fmt: skip


def find_outside(scene: Scene) -> Found | None:
    """A place we do not cover, named so that it can be no street of ours."""
    for mention in scene.mentions:
        for meaning in mention.of("outside"):
            if meaning.weight == "sure":
                return _outside(scene, int(meaning.id), mention)
    return None


def find_outside_city(scene: Scene) -> Found | None:
    """"in Compton": a city that lends its name to one of our streets. Anaheim and Santa Ana are as likely the street."""
    for mention in scene.mentions:
        for meaning in mention.of("outside"):
            place = outside_places()[int(meaning.id)]
            if meaning.weight == "shy" and not place.street_first and scene.stands_as_place(mention):
                return _outside(scene, int(meaning.id), mention)
    return None


def _outside(scene: Scene, number: int, mention: Mention) -> Found:
    place = outside_places()[number]
    return Found(outside=place.name, kind="area", sensitive=scene.sensitive, matched=scene.phrase(mention))


def find_chain(scene: Scene) -> Found | None:
    """A chain or a kind of place ("la iglesia") alone: we ask which one."""
    named = [(each, chains()[meaning.id]) for each in scene.mentions for meaning in each.of("chain")]
    for mention, chain in sorted(named, key=lambda pair: pair[1].kind_of_place):
        areas = tuple(area for area, _ in chain.branches if scene.on_one_side(side_of(area)))
        choices = areas or tuple(area for area, _ in chain.branches)
        spoken = None if chain.kind_of_place else chain.name
        return Found(
            ask=True, choices=scene.hint_first(choices), place=spoken, kind="chain", sensitive=scene.sensitive,
            key=f"chain:{chain.id}" if spoken else None, matched=scene.phrase(mention),
        )  # fmt: skip
    return None
