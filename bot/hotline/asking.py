"""A question about rights: the answer first, more on MORE; two or three likely topics by number when unsure."""

from bot.hotline.talk import MOST_TRIES, Talk
from bot.rights import library, sayings
from bot.settings import settings
from messages.formats import numbered


def answer(talk: Talk, topic: str) -> None:
    """The short answer of a topic: what to do now."""
    talk.answered()
    talk.place.last_topic, talk.place.more = topic, 0
    talk.say(sayings.key(topic))


def offer(talk: Talk, topics: tuple[str, ...], tries: int = 1) -> None:
    """Unsure: let them choose, rather than answer a question they did not ask."""
    talk.say("hotline.topics", choices=numbered([library.title(topic, talk.language) for topic in topics]))
    talk.ask("topics", choices=list(topics), tries=tries)


def chose(talk: Talk, topics: list[str], tries: int) -> bool:
    """The answer to "which of these?". False when it is no number of ours."""
    topic = talk.chosen(topics)
    if topic is None and talk.is_command("AFFIRM") and len(topics) == 1:
        topic = topics[0]
    if topic is not None:
        answer(talk, topic)
    elif talk.is_command("DENY") or (talk.is_command("NUMBER", "AFFIRM") and tries >= MOST_TRIES):
        talk.answered()
        rights(talk)
    elif talk.is_command("NUMBER", "AFFIRM"):
        offer(talk, tuple(topics), tries + 1)
    else:
        return False
    return True


def rights(talk: Talk) -> None:
    talk.say("hotline.rights_menu")


def more(talk: Talk) -> None:
    """MORE, MAS: the next part of the last answer; with the last one, what people ask next, by number."""
    place = talk.conversation
    if place is None or place.last_topic is None:
        return talk.say("hotline.more_nothing")
    if library.more(place.last_topic, talk.language, place.more, settings().demo) is None:
        return talk.say("hotline.more_end")
    offered = library.offered(place.last_topic, talk.language, place.more)
    place.more += 1
    talk.say(sayings.key(place.last_topic, place.more))
    if offered:
        talk.ask("topics", choices=list(offered), tries=1)
