"""A rights answer on its way out is kept as a key: `topic.door.0` is what to do now, `topic.door.1` the first MORE."""

from bot.rights import library
from bot.settings import settings
from messages import catalog

TOPIC = "topic."


def key(topic: str, part: int = 0) -> str:
    return f"{TOPIC}{topic}.{part}"


def said(key_: str, language: str) -> str:
    """The words of such a key. Raises `LookupError` for a part that is not there."""
    topic, _, part = key_.removeprefix(TOPIC).rpartition(".")
    if part == "0":
        return library.answer(topic, language, settings().demo)
    words = library.more(topic, language, int(part) - 1, settings().demo)
    if words is None:
        raise LookupError(key_)
    return words


def spoken(key_: str, language: str) -> str:
    """What a recording says of it: the words alone, without numbers that may change. Raises `LookupError`."""
    topic, _, part = key_.removeprefix(TOPIC).rpartition(".")
    words = library.topic(topic).in_language(language)
    said = (words.short, *words.more)
    if not part.isdecimal() or int(part) > len(said):
        raise LookupError(key_)
    return said[int(part)].text if int(part) < len(said) else catalog.raw("rights.general", language)
