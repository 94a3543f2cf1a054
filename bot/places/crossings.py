"""Do two of the streets a text mentions make a corner, and on which side?"""

from dataclasses import dataclass
from itertools import combinations

from bot.places.found import Found
from bot.places.geometry import meters_to_edge
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
        corners = choose(scene, corners_of(first, second))
        if corners:
            return corner_found(scene, corners, first, second)
    return None


def _pair(scene: Scene, streets: list[Mention], i: int, j: int) -> _Pair | None:
    rank = _rank(scene, streets[i], streets[j])
    return None if rank is None else _Pair(rank, streets[j].start - streets[i].end, i, j)


def _rank(scene: Scene, first: Mention, second: Mention) -> int | None:
    """How plainly two streets are joined: 0 "Pacific y Florence", 3 a few words apart; None, not at all."""
    gap = [word for word in scene.words[first.end : second.start] if word != FOREIGN]
    joined = any(word in word_set("strong_joins") for word in gap)
    if first.bare or second.bare:
        return 0 if joined and len(gap) <= 2 and _tight(gap) and _bare_is_street(scene, first, second) else None
    if not _tight(gap):
        plain = _plain_street(scene, first) and _plain_street(scene, second)
        return 3 if plain and len(gap) <= LOOSE_WORDS else None
    if not joined and _beside_by_chance(scene, first, second):
        return None
    rank = 0 if joined else (2 if BREAK in gap else 1)
    return rank + 2 * _named_as_place(scene, first)


def _beside_by_chance(scene: Scene, first: Mention, second: Mention) -> bool:
    """Two names side by side without "y" or "and": a city after a street, two ordinary words, two guesses."""
    if _rather_a_place(first) or _rather_a_place(second):
        return True
    if _unsure(first) and _unsure(second):
        never = word_set("never_alone")
        if not _opens(scene, first) or (scene.phrase(first) in never and scene.phrase(second) in never):
            return True
    return first.guessed and second.guessed and not (first.pointed or second.pointed)


def _tight(gap: list[str]) -> bool:
    small = word_set("joins") | word_set("articles") | word_set("suffixes") | word_set("directions") | {BREAK}
    return len(gap) <= TIGHT_WORDS and all(word in small for word in gap)


def _bare_is_street(scene: Scene, first: Mention, second: Mention) -> bool:
    """ "10 y Magnolia" is a corner; "las 7 y Atlantic" is an hour, and two numbers are no corner."""
    if first.bare and second.bare:
        return False
    an_hour = first.bare and word_before(scene.words, first.start) in word_set("time_words")
    return not an_hour and not first.guessed and not second.guessed


def _plain_street(scene: Scene, mention: Mention) -> bool:
    if mention.guessed:
        return False
    before = word_before(scene.words, mention.start)
    return mention.pointed or not _unsure(mention) or before in ("on", "off", "along", "near", "by")


def _rather_a_place(mention: Mention) -> bool:
    """ "Anaheim Long Beach": a city after a street, not its crossing with the boulevard."""
    return bool(mention.of("city")) and not mention.pointed


def _unsure(mention: Mention) -> bool:
    return not mention.pointed and all(each.weight == "shy" for each in mention.of("street"))


def _opens(scene: Scene, first: Mention) -> bool:
    before = word_before(scene.words, first.start)
    after_a_place = any(each.end == first.start and each.of("area", "city") for each in scene.mentions)
    return after_a_place or before == BREAK or before in word_set("place_before") | word_set("street_before_weak")


def _named_as_place(scene: Scene, mention: Mention) -> bool:
    return bool(mention.of("city", "area", "outside")) and scene.stands_as_place(mention)


def corners_of(first: Mention, second: Mention) -> list[Corner]:
    return [
        meeting
        for one in first.of("street")
        for other in second.of("street")
        for side in SIDES
        if (meeting := corner(one.id, other.id, side))
    ]


def choose(scene: Scene, corners: list[Corner]) -> list[Corner]:
    """Those in an area the text names, else on its side, else on its sender's, else all."""
    named = [each for each in corners if set(each.areas) & set(scene.areas)]
    fitting = [each for each in corners if scene.on_one_side(each.side)]
    covered = [each for each in fitting or corners if each.areas]
    return named or covered or fitting or corners


def corner_found(scene: Scene, corners: list[Corner], *mentions: Mention) -> Found:
    first = corners[0]
    if len({each.side for each in corners}) > 1:
        areas = tuple(dict.fromkeys(area for each in corners for area in each.areas))
        return scene.asked("corner", first.key.partition("@")[0], areas, *mentions)
    return scene.found("corner", first.key, _with_named(scene, first), *mentions, point=first.point)


def _with_named(scene: Scene, meeting: Corner) -> tuple[str, ...]:
    """An area the person names goes first, and counts when the corner lies within reach of its outline."""
    within = [area for area in scene.areas if area in meeting.areas]
    if within:
        return (*within, *(area for area in meeting.areas if area not in within))
    shapes = outlines()
    near = [area for area in scene.areas if meters_to_edge(shapes[area], meeting.point) <= LOOSE_NAMING_METERS]
    return (*near, *meeting.areas)
