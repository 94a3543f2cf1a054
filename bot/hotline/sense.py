"""Is this told, asked, or neither? A sighting, hearsay to check, a question about an event, a question, or not for us.

Phrases tell, and so does likeness to examples: where the two differ, the phrases have so much of a lead (`TOLD`).
"""

from bot.hotline import resemblance
from bot.reports import salute
from bot.reports.intake import Sighting
from messages.tongue import search
from messages.vocabulary import entries
from messages.wording import plain

OPENING_LETTERS = 4
"""What is asked about an event opens the text, but for an "oye" or "y"."""

TOLD_LETTERS = 12
"""A sighting takes at least so much room before a question is tacked on to it."""


TERSE_WORDS = 4
""""ICE at atlantic": nobody asks a question in so few words, with agents and a street in it."""

TOLD = 0.35
"""Measured on 1,100 texts that nobody had learned from: what is wrong halves from no likeness (1) to this, and grows below it."""

CHATTER_LEAD = 0.2
"""Of 836 questions one leads so far in likeness to chatter, of 147 other texts 116."""

VAGUE = ("chain", "area", "zip", "street")
"""Places that questions name as well ("the school", "Huntington Park"): a sighting says more."""


def read(text: str, sighting: Sighting) -> str:
    """`report, rumor_check, asks_event, question` or `other`."""
    said = plain(text)
    if _not_for_us(text, said):
        return "other"
    if search(said, "chain"):
        return "rumor_check" if salute.speaks_of_agents(said) else "other"
    told = _told(text, said, sighting)
    asks = question_at(said, marked="?" in text) is not None
    return told if told == "report" and not asks and _is_a_spot(sighting) else _likelier(told, said, sighting, asks)


def _told(text: str, said: str, sighting: Sighting) -> str:
    """What its phrases tell."""
    if not sights(said, sighting):
        return _unseen(said, sighting)
    if search(said, "is_it_true"):
        return "rumor_check"
    asked = question_at(said, marked="?" in text)
    if asked is not None and not (_tacked_on(asked, said, sighting) or _passed_on(asked, text, said, sighting)):
        return "asks_event" if _asks_event(said, sighting) else "question"
    if not sighting.first_hand or sighting.time == "future":
        return "rumor_check"
    return "report"


def _likelier(told: str, said: str, sighting: Sighting, asks: bool) -> str:
    """That, or what it is much more like. A place alone is an answer, no sighting; and where nothing is asked, and a place is
    named, that no phrase tells of a sighting speaks for no question.
    """
    alike = resemblance.likeness(said)
    scores = {kind: alike[kind] for kind in ("report", "rumor_check", "asks_event")}
    scores["question"] = max(alike["question"], alike["other"])
    scores[told] += TOLD if told != "question" or asks or not _place(sighting) else 0.0
    likeliest = max(scores, key=lambda kind: scores[kind])
    if likeliest == "question" and resemblance.leaning(said, "other") >= CHATTER_LEAD:
        return "other"
    return likeliest if likeliest == "question" or _something(said, sighting) else told


def _something(said: str, sighting: Sighting) -> bool:
    seen = sighting.vehicle_kind, sighting.size, sighting.activity
    return any(each is not None for each in seen) or bool(sighting.equipment) or salute.speaks_of_agents(said)


def _unseen(said: str, sighting: Sighting) -> str:
    """No sighting: hearsay of one, a question about one, or a question of another kind."""
    if _told_by_others(said, sighting):
        return "rumor_check"
    return "asks_event" if _asks_event(said, sighting) else "question"


def sights(said: str, sighting: Sighting) -> bool:
    """Enough to be a sighting: where and whom (or what drove, or what was done), or agents and what they do."""
    agents = salute.speaks_of_agents(said)
    whom = agents or sighting.vehicle_kind is not None or sighting.size is not None
    doing = sighting.activity not in (None, "workplace")
    there = bool(search(said, "presence"))
    if _place(sighting) and (sighting.place.kind not in VAGUE or there or doing):
        return whom or doing or bool(sighting.equipment) or (there and bool(search(said, "they")))
    if agents and sighting.place.kind == "street" and len(said.split()) <= TERSE_WORDS:
        return True
    return agents and (doing or there or sighting.size is not None)


def question_at(said: str, marked: bool = False) -> int | None:
    """Where the first word of asking stands. "Hay migra en la Gage" asks only with its question mark."""
    found = [match.start() for name in ("asks_what", "asks_where", "supposed") if (match := search(said, name))]
    event = search(said, "asks_event", *(("asks_event_marked",) if marked else ()))
    found += [0] if event and event.start() <= OPENING_LETTERS else []
    return min(found, default=None)


def _not_for_us(text: str, said: str) -> bool:
    signs = {sign for file in entries("understanding").values() for sign in file.get("joke_signs") or ()}
    return any(sign in text for sign in signs) or bool(search(said, "joke", "insult"))


def _place(sighting: Sighting) -> bool:
    return sighting.place.kind != "none"


def _is_a_spot(sighting: Sighting) -> bool:
    """A corner, a pin, a landmark, a named street: who asks about rights names no such place."""
    return _place(sighting) and sighting.place.kind not in ("chain", "area", "zip")


def _told_by_others(said: str, sighting: Sighting) -> bool:
    """ "They say la migra", "word is they're in Lynwood": hearsay of agents or of a place, though no sighting."""
    what = salute.speaks_of_agents(said) or _place(sighting)
    return not sighting.first_hand and what and question_at(said) is None


def _tacked_on(asked: int, said: str, sighting: Sighting) -> bool:
    """A sighting first, the question after it: "ICE at Pacific and Gage rn, what do I do"."""
    told = said[:asked]
    seen = salute.speaks_of_agents(told) or bool(search(told, "presence")) or salute.activity(told) is not None
    return asked >= TOLD_LETTERS and seen and _place(sighting)


def _passed_on(asked: int, text: str, said: str, sighting: Sighting) -> bool:
    """Hearsay first, and a word that may ask or not after it: "my aunt says they come when there are games"."""
    heard = None if sighting.first_hand or "?" in text else search(said, "hearsay")
    return heard is not None and heard.start() < asked


def _asks_event(said: str, sighting: Sighting) -> bool:
    """About what happened somewhere: the answer is what we know of that place, not a right."""
    if search(said, "asks_happened") and _place(sighting) and sighting.time_said:
        return True
    seen = salute.speaks_of_agents(said) or sighting.activity == "took_people" or bool(sighting.equipment)
    return bool(search(said, "asks_event", "asks_event_marked")) and _place(sighting) and seen
