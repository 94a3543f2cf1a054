"""Which number does this text choose, in digits or in words?"""

import re
from functools import lru_cache

from bot.hotline.command import Command
from messages.vocabulary import entries, words
from messages.wording import plain

NUMBER = re.compile(r"\d{1,2}")


def read(said: str) -> Command | None:
    *before, last = said.split()
    if before and not set(before) <= words("commands", "number_before"):
        return Command("NUMBER", *named) if (named := _numbers().get(said)) else None
    if NUMBER.fullmatch(last):
        return Command("NUMBER", None, str(int(last)))
    named = _numbers().get(said) or _numbers().get(last)
    return Command("NUMBER", *named) if named else None


@lru_cache(maxsize=1)
def _numbers() -> dict[str, tuple[str, str]]:
    return {
        plain(str(word)): (language, str(number))
        for language, file in entries("commands").items()
        for word, number in (file.get("numbers") or {}).items()
    }
