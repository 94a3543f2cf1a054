"""Do two of the streets a text mentions make a corner, and on which side?"""

from dataclasses import dataclass
from itertools import combinations

from bot.places.found import Found
from bot.places.geometry import meters, meters_to_edge
from bot.places.labels import label
from bot.places.landmarks import outside_places
from bot.places.mentions import Mention, word_before, word_set
from bot.places.outlines import outlines
from bot.places.reading import BREAK, FOREIGN
from bot.places.scene import Scene
from bot.places.streets import SIDES, Corner, corner

TIGHT_WORDS = 4
LOOSE_WORDS = 8
LOOSE_NAMING_METERS = 300.0  # outlines are drawn to 200 m: within this, the area a person names is believed


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    rank: int
    order: int
    first: int
    second: int


def find_corner(scene: Scene) -> Found | None:
    streets = [each for each in scene.mentions if each.street]
    pairs = (_pair(scene, streets, i, j) for i, j in combinations(range(len(streets)), 2) if j - i <= 3)
    for pair in sorted(each for each in pairs if each):
        first, second = streets[pair.first], streets[pair.second]
        corners = _choose(scene, _corners(first, second))
        if corners:
            return _found(scene, corners, scene.phrase(first, second))
    return None


def _pair(scene: Scene, streets: list[Mention], i: int, j: int) -> _Pair | None:
    rank = _rank(scene, streets[i], streets[j])
    return None if rank is None else _Pair(rank, streets[j].start - streets[i].end, i, j)


def _rank(scene: Scene, first: Mention, second: Mention) -> int | None:
    """How plainly two streets are joined: 0 "Pacific y Florence" ... 3 a few words apart; None, not at all."""
    gap = [word for word in scene.words[first.end : second.start] if word != FOREIGN]
    joined = any(word in word_set("strong_joins") for word in gap)
    if first.bare or second.bare:
        return 0 if joined and len(gap) <= 2 and _bare_is_street(scene, first, second) else None
    if not _tight(gap):
        return 3 if len(gap) <= LOOSE_WORDS and _plain_street(scene, first) and _plain_street(scene, second) else None
    rank = 0 if joined else (2 if BREAK in gap else 1)
    if rank and (_rather_a_place(first) or _rather_a_place(second)):
        return None
    if rank and _unsure(first) and _unsure(second) and not _opens(scene, first):
        return None
    if first.guessed and second.guessed and not (joined or first.pointed or second.pointed):
        return None
    return rank + 2 * _named_as_place(scene, first)


def _tight(gap: list[str]) -> bool:
    small = word_set("joins") | word_set("articles") | word_set("suffixes") | word_set("directions") | {BREAK}
    return len(gap) <= TIGHT_WORDS and all(word in small for word in gap)


def _bare_is_street(scene: Scene, first: Mention, second: Mention) -> bool:
    """"10 y Magnolia" is a corner; "las 7 y Atlantic" is an hour, and two numbers are no corner."""
    named = second if first.bare else first
    if first.bare and second.bare:
        return False
    return not named.guessed and (not first.bare or word_before(scene.words, first.start) not in word_set("time_words"))


def _plain_street(scene: Scene, mention: Mention) -> bool:
    if mention.guessed:
        return False
    return mention.pointed or not _unsure(mention) or word_before(scene.words, mention.start) in ("on", "off", "along")


def _rather_a_place(mention: Mention) -> bool:
    """"Anaheim Long Beach": a city after a street, not its crossing with the boulevard."""
    return bool(mention.of("city")) and not mention.pointed


def _unsure(mention: Mention) -> bool:
    return not mention.pointed and all(each.weight == "shy" for each in mention.of("street"))


def _opens(scene: Scene, first: Mention) -> bool:
    before = word_before(scene.words, first.start)
    return before == BREAK or before in word_set("place_before") | word_set("street_before_weak")


def _named_as_place(scene: Scene, mention: Mention) -> bool:
    return bool(mention.of("city", "area", "outside")) and scene.stands_as_place(mention)


def _corners(first: Mention, second: Mention) -> list[Corner]:
    return [
        meeting
        for one in first.of("street")
        for other in second.of("street")
        for side in SIDES
        if (meeting := corner(one.id, other.id, side))
    ]


def _choose(scene: Scene, corners: list[Corner]) -> list[Corner]:
    """Those in an area the text names, else on its side, else on its sender's, else all."""
    named = [each for each in corners if set(each.areas) & set(scene.areas)]
    fitting = [each for each in corners if scene.on_one_side(each.side)]
    covered = [each for each in fitting or corners if each.areas]
    return named or covered or fitting or corners


def _found(scene: Scene, corners: list[Corner], matched: str) -> Found:
    first = corners[0]
    if len({each.side for each in corners}) > 1:
        areas = tuple(dict.fromkeys(area for each in corners for area in each.areas))
        return Found(
            ask=True, choices=scene.hint_first(areas), place=label(first.key, "en"), kind="corner",
            sensitive=scene.sensitive, matched=matched,
        )  # fmt: skip
    areas = _with_named(scene, first)
    lat, lon = first.point
    return Found(
        neighborhoods=areas, outside=None if areas else nearest_outside(first.point), place=label(first.key, "en"),
        key=first.key, kind="corner", lat=lat, lon=lon, sensitive=scene.sensitive, matched=matched,
    )  # fmt: skip


def _with_named(scene: Scene, meeting: Corner) -> tuple[str, ...]:
    """An area the person names goes first, and counts when the corner lies within reach of its outline."""
    within = [area for area in scene.areas if area in meeting.areas]
    if within:
        return (*within, *(area for area in meeting.areas if area not in within))
    near = [area for area in scene.areas if meters_to_edge(outlines()[area], meeting.point) <= LOOSE_NAMING_METERS]
    return (*near, *meeting.areas)


def nearest_outside(point: tuple[float, float]) -> str:
    return min(outside_places(), key=lambda each: meters(each.point, point)).name
