"""What in a text is only supposed? Korean and Chinese say "if" behind it: "ICE가 문을 두드리면" is no knock at the door yet.

What stands before such an ending, back to where the last sentence was told, is left out; what else the text tells still counts:
"문 안 열면 부순대요 지금 ICE가 문을 두드리고 있어요" is one.
"""

import re
from functools import cache

from messages.vocabulary import words

WITHOUT_SPACES = re.compile("[\u4e00-\u9fff]")


def told(said: str) -> str:
    """The plain text without what it only supposes."""
    if said.isascii():
        return said
    kept: list[str] = []
    for word in _without_lookalikes(_spaceless().sub(" ", said)).split():
        if word.endswith(_endings()) and not word.isascii():
            _drop_clause(kept)
        else:
            kept.append(word)
    return " ".join(kept)


def _drop_clause(kept: list[str]) -> None:
    while kept and not kept[-1].endswith(_told_endings()):
        kept.pop()


def _without_lookalikes(said: str) -> str:
    """아니면 (or), 복면 (a mask) end like "if", and suppose nothing."""
    return _lookalikes().sub(" ", said)


@cache
def _lookalikes() -> re.Pattern[str]:
    known = sorted(words("understanding", "not_if"), key=len, reverse=True)
    return re.compile(rf"(?<![^ ])(?:{'|'.join(map(re.escape, known))})(?![^ ])")


@cache
def _endings() -> tuple[str, ...]:
    """Of words: Korean."""
    return tuple(ending for ending in words("understanding", "if_behind") if not WITHOUT_SPACES.search(ending))


@cache
def _spaceless() -> re.Pattern[str]:
    """Of a stretch without a space or a mark in it: Chinese."""
    chinese = [ending for ending in words("understanding", "if_behind") if WITHOUT_SPACES.search(ending)]
    return re.compile(rf"[^ ]*?(?:{'|'.join(map(re.escape, chinese))})")


@cache
def _told_endings() -> tuple[str, ...]:
    return tuple(words("understanding", "told_ends"))
