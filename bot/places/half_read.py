"""Which corner did they mean who misspelt one of its two streets? Only a street that crosses the other is thought of.

"hil y atlantic", "7h and redondo", "snta fe & imperial": too short, or too far off, to be guessed at alone. Beside a street that
is spelt right only those that cross it are left, and of them one lies a letter away.
"""

import re
from collections.abc import Iterator
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein

from bot.places.crossings import choose, corner_found, corners_of
from bot.places.data_files import read_data
from bot.places.found import Found
from bot.places.lexicon import Meaning
from bot.places.mentions import Mention, word_before, word_set
from bot.places.misspellings import ordinary_words
from bot.places.ordinals import ordinal
from bot.places.reading import BREAK
from bot.places.scene import Scene
from bot.places.streets import SIDES

SHORTEST = 3
TWO_SLIPS_FROM = 9
"""Letters of a name in which two slips are believed."""
_NUMBER = re.compile(r"(\d{1,3})[a-z]{1,3}")


def find_half_read_corner(scene: Scene) -> Found | None:
    """ "gae y santa fe": one street is known, the other is joined to it and a slip away from one that crosses it."""
    for known in scene.mentions:
        if known.street and not known.bare and not known.guessed:
            for span in _joined_to(scene, known):
                guess = Mention(
                    span.start, span.stop, _meant(" ".join(scene.words[span.start : span.stop])), guessed=True
                )
                corners = corners_of(known, guess)
                if len({each.key.partition("@")[0] for each in corners}) == 1:
                    return corner_found(scene, choose(scene, corners), known, guess)
    return None


def _joined_to(scene: Scene, known: Mention) -> Iterator[range]:
    """The two words, or the one, that "and" joins to it, behind or before, if nothing else is known by them."""
    taken = {at for each in scene.mentions for at in range(each.start, each.end)}
    for length in (2, 1):
        behind = range(known.end + 1, known.end + 1 + length)
        before = range(known.start - 1 - length, known.start - 1)
        for join, span in ((known.end, behind), (known.start - 1, before)):
            within = span.start >= 0 and span.stop <= len(scene.words) and not taken & {join, *span}
            if within and scene.words[join] in word_set("strong_joins") and _may_be_a_name(scene, span):
                yield span


def _may_be_a_name(scene: Scene, span: range) -> bool:
    """No hour, no small word, and not only words that everybody uses."""
    words = scene.words[span.start : span.stop]
    if _NUMBER.fullmatch(words[0]):
        return len(words) == 1 and word_before(scene.words, span.start) not in word_set("time_words")
    small = word_set("joins") | word_set("articles") | word_set("directions") | {BREAK}
    return all(word.isalpha() and word not in small for word in words) and not ordinary_words().issuperset(words)


@cache
def _names() -> tuple[tuple[str, Meaning], ...]:
    """Every street that is drawn, by its own name: by-names are short, and near to many words."""
    drawn = {name for side in SIDES for name in read_data("streets")[side]}
    return tuple(
        (name.replace("_", " "), Meaning("street", name)) for name in sorted(drawn) if name.replace("_", "").isalpha()
    )


def _meant(typed: str) -> tuple[Meaning, ...]:
    """The streets that lie as near to it as any, within a slip or two."""
    if number := _NUMBER.fullmatch(typed):
        name = ordinal(int(number[1]))
        return (Meaning("street", name),) if DamerauLevenshtein.distance(typed, name) == 1 else ()
    if len(typed.replace(" ", "")) < SHORTEST:
        return ()
    slips: dict[Meaning, int] = {}
    for spelt, meaning in _names():
        most = 2 if len(spelt) >= TWO_SLIPS_FROM else 1
        if 0 < (count := DamerauLevenshtein.distance(typed, spelt, score_cutoff=most)) <= most:
            slips[meaning] = min(count, slips.get(meaning, count))
    return tuple(sorted(slips, key=lambda each: slips[each]))
