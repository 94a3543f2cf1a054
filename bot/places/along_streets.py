"""Which neighborhood does one street, or one block of it, point to when no corner is named?"""

import re

from bot.places.found import Found
from bot.places.lexicon import Meaning
from bot.places.mentions import Mention, word_after, word_before, word_set
from bot.places.outlines import areas_at
from bot.places.reading import BREAK
from bot.places.scene import Scene
from bot.places.streets import SIDES, block_point, passes

_HOUSE_NUMBER = re.compile(r"[1-9]\d{2,4}")
_LONG_STREET_AREAS = 3
_WORDS_BETWEEN = 4  # "6700 block of N Seville"


def find_block(scene: Scene) -> Found | None:
    """ "6700 block of Seville", or an address, reduced to its block: the house number is dropped here."""
    for mention in scene.mentions:
        hundred = _hundred(scene, mention)
        for meaning in mention.of("street") if hundred is not None else ():
            found = _block(scene, meaning, hundred or 0, mention)
            if found:
                return found
    return None


def _hundred(scene: Scene, mention: Mention) -> int | None:
    if mention.bare or not mention.street:
        return None
    between = word_set("block_words") | word_set("directions")
    at = mention.start - 1
    while at > 0 and mention.start - at <= _WORDS_BETWEEN and scene.words[at] in between:
        at -= 1
    word = scene.words[at] if at >= 0 else ""
    if not _HOUSE_NUMBER.fullmatch(word) or word in scene.zips:
        return None
    return int(word) // 100 * 100


def _block(scene: Scene, meaning: Meaning, hundred: int, mention: Mention) -> Found | None:
    west = word_before(scene.words, mention.start) in ("w", "west")
    points = {side: point for side in SIDES if (point := block_point(meaning.id, side, hundred, west))}
    where = {side: areas_at(point) for side, point in points.items()}
    named = [side for side in points if set(where[side]) & set(scene.areas)]
    sides = named or [side for side in points if scene.on_one_side(side)] or list(points)
    if not sides:
        return None
    key = f"block:{hundred}+{meaning.id}"
    if len(sides) > 1:
        return scene.asked("street", key, tuple(area for side in sides for area in where[side]), mention)
    (side,) = sides
    return scene.found("street", f"{key}@{side}", where[side], mention, point=points[side])


def find_street(scene: Scene) -> Found | None:
    """One street alone: sure if it runs through one area only, else the person is asked where on it."""
    for mention in scene.mentions:
        if mention.street and _said_as_street(scene, mention):
            found = _street(scene, mention)
            if found:
                return found
    return None


def _street(scene: Scene, mention: Mention) -> Found | None:
    runs = {(each.id, side): passes(each.id, side) for each in mention.of("street") for side in SIDES}
    runs = {where: areas for where, areas in runs.items() if areas}
    fitting = {where: areas for where, areas in runs.items() if scene.on_one_side(where[1])} or runs
    areas = tuple(dict.fromkeys(area for each in fitting.values() for area in each))
    if not areas:
        return None
    (name, side) = next(iter(fitting))
    key = f"street:{name}@{side}" if len(fitting) == 1 else f"street:{name}"
    return scene.found("street", key, areas, mention) if len(areas) == 1 else scene.asked("street", key, areas, mention)


def _said_as_street(scene: Scene, mention: Mention) -> bool:
    """Whether the words around say that this is the street and not the ordinary word."""
    if scene.is_short_answer and not mention.guessed:
        return True
    shy = all(each.weight == "shy" for each in mention.of("street"))
    before = word_before(scene.words, mention.start)
    if mention.pointed:
        return not (shy and before == "la") or _after_la(scene, mention)
    if mention.guessed or mention.bare or mention.of("city"):
        return False
    return not shy or _placed(scene, mention, before)


def _after_la(scene: Scene, mention: Mention) -> bool:
    """ "en la Clara" is the street, "la clara verdad" is not; long streets are known by "la" alone."""
    before = word_before(scene.words, mention.start - 1)
    if scene.phrase(mention) in word_set("ordinals"):
        return before in word_set("before_ordinal") and _pauses(scene, mention)
    areas = {area for each in mention.of("street") for side in SIDES for area in passes(each.id, side)}
    return before in word_set("before_la") or (before == BREAK and len(areas) >= _LONG_STREET_AREAS)


def _placed(scene: Scene, mention: Mention, before: str) -> bool:
    """ "on Miles" at a pause is the street; "in California" is not."""
    if scene.phrase(mention) in word_set("never_alone"):
        return before in word_set("on_a_street") and _pauses(scene, mention)
    if before in word_set("on_a_street"):
        return True
    if before not in word_set("street_before_weak"):
        return False
    return _pauses(scene, mention)


def _pauses(scene: Scene, mention: Mention) -> bool:
    """Whether the text pauses after it, or goes on with what a report goes on with."""
    after = word_after(scene.words, mention.end)
    return after == BREAK or after in word_set("follows_area") | word_set("place_before")
