"""A question about rights: the answer first, more on MORE; two or three likely topics by number when unsure."""

from bot.hotline.talk import Talk
from bot.rights import library, sayings
from bot.settings import settings


def answer(talk: Talk, topic: str) -> None:
    """The short answer of a topic: what to do now."""
    talk.answered()
    talk.place.last_topic, talk.place.more = topic, 0
    talk.say(sayings.key(topic))


def offer(talk: Talk, topics: tuple[str, ...]) -> None:
    """Unsure: let them choose, rather than answer a question they did not ask."""
    talk.say("hotline.topics", choices=talk.numbered([library.title(topic, talk.language) for topic in topics]))
    talk.ask("topics", choices=list(topics))


def chose(talk: Talk, topics: list[str]) -> bool:
    """The answer to "which of these?". False when it is no number of ours."""
    topic = talk.chosen(topics)
    if topic is None:
        return False
    answer(talk, topic)
    return True


def rights(talk: Talk) -> None:
    talk.say("hotline.rights_menu")


def more(talk: Talk) -> None:
    """MORE, MAS: the next part of the last answer."""
    place = talk.conversation
    if place is None or place.last_topic is None:
        return talk.say("hotline.more_nothing")
    if library.more(place.last_topic, talk.language, place.more, settings().demo) is None:
        return talk.say("hotline.more_end")
    place.more += 1
    talk.say(sayings.key(place.last_topic, place.more))
