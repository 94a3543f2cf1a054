"""Does this text answer what we asked last, and what does it say? A command, or a new story, goes its own way.

A question is asked twice at most, and "no", "never mind" or a number that was not offered never leads into a wall.
"""

from collections.abc import Callable
from typing import Any

from bot.hotline import about_us, asking, checking, crying_out, joining, relaying, reporting, sense
from bot.hotline.talk import Talk
from bot.places import gazetteer
from bot.reports import adding
from bot.reports.models import Report
from messages.vocabulary import phrases
from messages.wording import plain

MAY_ANSWER = ("NUMBER", "AFFIRM", "DENY", "NEVER_MIND")
"""Commands that are an answer when something was asked; any other leaves the question open and is obeyed."""

ABOUT_AREAS = ("area", "which_area", "confirm_area", "check_where")
"""Questions that a sighting does not answer, though it names a place."""

SITUATION_WORDS = 2
"""DOOR, DETAINED, AID FOOD: so short, it is asked for by its word."""


def answered(talk: Talk) -> bool:
    """Whether this text was the answer to the question that is open, and was taken as such."""
    question, command = talk.open_question(), talk.heard.understood.command
    if question is None or (command is not None and command.name not in MAY_ANSWER):
        return False
    name, about = question
    if talk.is_command("NEVER_MIND"):
        _let_go(talk, about)
        return True
    if name in ABOUT_AREAS and _tells_or_asks_something_else(talk):
        return False
    return ANSWERS[name](talk, about) is not False


def _let_go(talk: Talk, about: dict[str, Any]) -> None:
    """What they told stays; whoever reads it sees that they thought better of it."""
    told = talk.session.get(Report, about["report"]) if "report" in about else None
    if told is not None:
        adding.add(told, talk.heard.message.text)
    talk.lets_go()


def _tells_or_asks_something_else(talk: Talk) -> bool:
    """A story, or a question that we surely understand."""
    understood = talk.heard.understood
    if understood.intent != "question":
        return understood.intent in ("report", "rumor_check")
    return understood.topic is not None and not _names_an_area(talk) and not _says_where(talk.heard.text)


def _says_where(text: str) -> bool:
    """ "Por donde siempre", after "which place?", names one, if none that we can find."""
    said = plain(text)
    asks = "?" in text or sense.question_at(said) is not None
    return not asks and bool(phrases("commands", "whereabouts").match(said))


def _names_an_area(talk: Talk) -> bool:
    found = gazetteer.find_area(talk.heard.text)
    return bool(found.neighborhoods or found.choices or found.outside)


def _another_place(talk: Talk) -> bool:
    """A report that names a place of its own is a new report, not an answer about the last one."""
    found = talk.heard.found
    return talk.heard.understood.intent == "report" and found is not None and bool(found.key)


def _told_more(talk: Talk, report_id: int) -> bool:
    if _another_place(talk):
        return False
    reporting.told_more(talk, report_id)
    return True


def _answered_a_volunteer(talk: Talk, relayed_id: int) -> bool:
    """Another place is another report, and a question that we surely understand gets its own answer."""
    goes_its_own_way = talk.heard.understood.intent == "rumor_check" or _asks_us(talk) or _another_place(talk)
    return not goes_its_own_way and relaying.answered(talk, relayed_id)


def _asks_us(talk: Talk) -> bool:
    """ "What do I do if they knock?", or a situation word; "about 12, in black vests" only resembles a question."""
    understood, text = talk.heard.understood, talk.heard.text
    if understood.intent != "question" or understood.topic is None:
        return False
    return "?" in text or sense.question_at(plain(text)) is not None or len(text.split()) <= SITUATION_WORDS


ANSWERS: dict[str, Callable[[Talk, dict[str, Any]], bool | None]] = {
    "area": lambda talk, about: joining.named(talk, about.get("tries", 1)),
    "which_area": lambda talk, about: joining.chose(talk, about["choices"], about.get("tries", 1)),
    "confirm_area": lambda talk, about: joining.confirmed(talk, about["area"], about.get("tries", 1)),
    "language": lambda talk, about: about_us.chose_language(talk, about.get("tries", 1)),
    "topics": lambda talk, about: asking.chose(talk, about["choices"], about.get("tries", 1)),
    "report_place": lambda talk, about: reporting.placed(talk, about["report"], about["tries"]),
    "report_which": lambda talk, about: reporting.chose_place(
        talk, about["report"], about["choices"], about.get("tries", 1)
    ),
    "report_more": lambda talk, about: _told_more(talk, about["report"]),
    "relayed": lambda talk, about: _answered_a_volunteer(talk, about["relayed"]),
    "may_look": lambda talk, about: crying_out.may_look(talk, about["emergency"]),
    "check_where": lambda talk, about: checking.where(talk, about.get("tries", 1), about.get("half", "")),
    "check_which": lambda talk, about: checking.chose_place(
        talk, about["choices"], about["place"], about.get("tries", 1)
    ),
}
"""What an answer to each of our questions means. `False`: it was no answer to that. `tries`: how often it was asked."""
