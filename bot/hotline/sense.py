"""Is this told, asked, or neither? A sighting, hearsay to check, a question about an event, a question, or not for us."""

import re

from bot.reports import salute
from bot.reports.intake import Sighting
from messages.vocabulary import entries, phrases
from messages.wording import folded, plain


def read(text: str, sighting: Sighting) -> str:
    """`report, rumor_check, asks_event, question` or `other`."""
    said = plain(text)
    if _not_for_us(text, said):
        return "other"
    seen = sights(said, sighting)
    if _heard("is_it_true", said) and (seen or _place(sighting)) and not _hard_question(said):
        return "rumor_check"
    asked = question_at(said)
    if not seen or (asked is not None and not _tacked_on(asked, said, sighting)):
        return "asks_event" if _asks_event(said, sighting) else "question"
    if not sighting.first_hand or sighting.time == "future":
        return "rumor_check"
    return "report"


def _heard(name: str, said: str) -> re.Match[str] | None:
    return phrases("understanding", name).search(said)


def _not_for_us(text: str, said: str) -> bool:
    signs = {sign for file in entries("understanding").values() for sign in file.get("joke_signs") or ()}
    return bool(any(sign in text for sign in signs) or _heard("joke", said) or _heard("insult", said) or _heard("chain", said))


def _place(sighting: Sighting) -> bool:
    return bool(sighting.place.matched)


def sights(said: str, sighting: Sighting) -> bool:
    """Enough to be a sighting: where and whom (or what drove, or what was done), or agents and what they do."""
    agents = salute.speaks_of_agents(said)
    whom = agents or sighting.vehicle_kind is not None or sighting.size is not None
    doing = sighting.activity not in (None, "workplace")
    if _place(sighting):
        return whom or doing or bool(sighting.equipment)
    return agents and (doing or bool(_heard("presence", said)) or sighting.size is not None)


def question_at(said: str) -> int | None:
    """Where the first word of asking stands."""
    found = [match.start() for name in ("asks_what", "asks_where", "supposed") if (match := _heard(name, said))]
    return min(found, default=None)


def _tacked_on(asked: int, said: str, sighting: Sighting) -> bool:
    """A sighting first, the question after it: "ICE at Pacific and Gage rn, what do I do"."""
    return sights(said[:asked], sighting) and _place(sighting)


def _hard_question(said: str) -> bool:
    return False


def _asks_event(said: str, sighting: Sighting) -> bool:
    return bool(_heard("asks_event", said)) and _place(sighting) and (salute.speaks_of_agents(said) or sighting.activity is not None)
