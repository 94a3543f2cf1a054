"""What is left of a text without its please and thanks?"""

import re
from functools import cache

from messages.vocabulary import words

WITHOUT_SPACES = re.compile("[\u1780-\u17ff\u4e00-\u9fff]+")


def without(said: str) -> str:
    """Without please and thanks, unless that is all there is."""
    kept = said
    for courtesy, pattern in _courtesies():
        if courtesy in kept:
            kept = pattern.sub("", kept)
    kept = _at_the_edges().sub("", " ".join(kept.split()))
    once = kept.split()
    return once[0] if once and len(set(once)) == 1 else kept or said


@cache
def _courtesies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The longest first, each as words of its own."""
    longest_first = sorted(words("commands", "polite"), key=len, reverse=True)
    return tuple((said, re.compile(rf"(?:^|(?<= )){re.escape(said)}(?= |$)")) for said in longest_first)


@cache
def _at_the_edges() -> re.Pattern[str]:
    """In a script without spaces: "请问你们是谁". Only a second look is taken without them, so "不要了" stays what it is."""
    spaceless = sorted((said for said in words("commands", "polite") if WITHOUT_SPACES.fullmatch(said)), key=len)
    either = "|".join(re.escape(said) for said in reversed(spaceless))
    return re.compile(rf"^(?:{either})+ ?|(?:{either})+$")
