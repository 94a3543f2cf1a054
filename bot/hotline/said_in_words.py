"""It is no command, and answers nothing we asked: do they tell us something, or ask?"""

from bot.hotline import asking, checking, joining, reporting
from bot.hotline.talk import Talk
from bot.places import gazetteer
from messages.vocabulary import words
from messages.wording import plain

RUMOR = "rumor"
"""The topic of how we check; asked with a place, what is known there is the better answer."""

AREA_WORDS = 4
"""The longest neighborhood names have so many words."""


def tell_or_ask(talk: Talk) -> None:
    understood = talk.heard.understood
    match understood.intent:
        case "report":
            reporting.report(talk)
        case "rumor_check":
            checking.rumor(talk)
        case _ if _is_an_area(talk):
            joining.offer(talk, talk.heard.text)
        case "question":
            _question(talk)
        case _:
            _not_understood(talk)


def _question(talk: Talk) -> None:
    """About a place it is answered with what is known there; else with a topic, or two or three to choose from."""
    understood = talk.heard.understood
    if understood.topic == RUMOR and understood.found is not None and understood.found.key:
        checking.rumor(talk)
    elif understood.topic:
        asking.answer(talk, understood.topic)
    elif understood.choices:
        asking.offer(talk, understood.choices)
    else:
        _not_understood(talk)


def _is_an_area(talk: Talk) -> bool:
    """A ZIP or a neighborhood's name and nothing else, or a pin: they want to hear about it."""
    short = len(talk.heard.text.split()) <= AREA_WORDS
    return talk.heard.pin is not None or (short and gazetteer.find_area(talk.heard.text).kind in ("zip", "area"))


def only_thanks(text: str) -> bool:
    courtesies = {word for courtesy in words("commands", "polite") for word in courtesy.split()}
    return set(plain(text).split()) <= courtesies


def _not_understood(talk: Talk) -> None:
    """No dead end: whatever it was, here are the ways on."""
    message = talk.heard.message
    if not message.text.strip():
        talk.say("hotline.empty")
    elif only_thanks(message.text):
        talk.say("hotline.here")
    else:
        talk.say("hotline.not_understood")
