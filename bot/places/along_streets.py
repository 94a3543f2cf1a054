"""Which neighborhood does one street, or one block of it, point to when no corner is named?"""

import re

from bot.places.crossings import nearest_outside
from bot.places.found import Found
from bot.places.labels import label
from bot.places.lexicon import Meaning
from bot.places.mentions import Mention, word_after, word_before, word_set
from bot.places.outlines import areas_at
from bot.places.reading import BREAK
from bot.places.scene import Scene
from bot.places.streets import SIDES, block_point, passes

_HOUSE_NUMBER = re.compile(r"\d{3,5}")
_BETWEEN = frozenset({"block", "blk", "of", "de", "la", "cuadra", "bloque", "n", "s", "e", "w", "north", "south", "east", "west"})
_BEFORE_LA = frozenset({"en", "por", "sobre", "de", "on", "in", "a", "y", "con", "hasta", "desde", "cerca", "off", "at", "x"})


def find_block(scene: Scene) -> Found | None:
    """"6700 block of Seville", or an address, which is reduced to its block: the house number is dropped here."""
    for mention in scene.mentions:
        hundred = _hundred(scene, mention)
        if hundred is None:
            continue
        for meaning in mention.of("street"):
            found = _block(scene, meaning, hundred, mention)
            if found:
                return found
    return None


def _hundred(scene: Scene, mention: Mention) -> int | None:
    at = mention.start - 1
    while at > 0 and mention.start - at <= 4 and scene.words[at] in _BETWEEN:
        at -= 1
    word = scene.words[at] if at >= 0 and mention.street else ""
    if at < 0 or not _HOUSE_NUMBER.fullmatch(word) or word in scene.zips:
        return None
    return int(word) // 100 * 100


def _block(scene: Scene, meaning: Meaning, hundred: int, mention: Mention) -> Found | None:
    west = word_before(scene.words, mention.start) in ("w", "west")
    points = {side: point for side in SIDES if (point := block_point(meaning.id, side, hundred, west))}
    sides = [side for side in points if scene.on_one_side(side)] or list(points)
    where = {side: areas_at(points[side]) for side in sides}
    named = [side for side in sides if set(where[side]) & set(scene.areas)] or sides
    if not named:
        return None
    if len(named) > 1:
        areas = tuple(dict.fromkeys(area for side in named for area in where[side]))
        return Found(
            ask=True, choices=scene.hint_first(areas), place=label(f"block:{hundred}+{meaning.id}", "en"), kind="street",
            sensitive=scene.sensitive, matched=scene.phrase(mention),
        )  # fmt: skip
    key = f"block:{hundred}+{meaning.id}@{named[0]}"
    areas = where[named[0]]
    lat, lon = points[named[0]]
    return Found(
        neighborhoods=areas, outside=None if areas else nearest_outside((lat, lon)), place=label(key, "en"), key=key,
        kind="street", lat=lat, lon=lon, sensitive=scene.sensitive, matched=scene.phrase(mention),
    )  # fmt: skip


def find_street(scene: Scene) -> Found | None:
    """One street alone: sure if it runs through one area only, else the person is asked where on it."""
    for mention in scene.mentions:
        if mention.street and not mention.bare and _said_as_street(scene, mention):
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
    unsure = len(areas) > 1
    return Found(
        neighborhoods=() if unsure else areas, ask=unsure, choices=scene.hint_first(areas) if unsure else (),
        place=label(f"street:{name}", "en"), key=f"street:{name}@{side}" if len(fitting) == 1 else f"street:{name}",
        kind="street", sensitive=scene.sensitive, matched=scene.phrase(mention),
    )  # fmt: skip


def _said_as_street(scene: Scene, mention: Mention) -> bool:
    """Whether the words around say that this is the street and not the ordinary word."""
    before, after = word_before(scene.words, mention.start), word_after(scene.words, mention.end)
    shy = all(each.weight == "shy" for each in mention.of("street"))
    if mention.pointed:
        return not shy or before != "la" or word_before(scene.words, mention.start - 1) in _BEFORE_LA | {BREAK}
    if mention.guessed:
        return False
    if not shy:
        return True
    return before in word_set("street_before_weak") and (
        after == BREAK or after in word_set("follows_area") | word_set("place_before")
    )
