"""What does a text say of Activity, Uniform, Time and Equipment, and did its writer see it? (Size: `counting.py`.)"""

import re

from messages.vocabulary import phrases
from messages.wording import folded, plain

ACTIVITIES = ("took_people", "at_door", "checkpoint", "stopped", "driving", "workplace", "standing")
"""The graver first: agents who stand at a car wash and take people are taking people."""

EQUIPMENT = ("weapons", "vests", "masks", "helicopter", "dogs", "unmarked", "drone")

AGENCIES = {"CBP": "agents_cbp", "HSI": "agents_hsi", "ICE": "agents_ice"}

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?[ap]\.?m\b|\ba las? \d{1,2}\b")


def _heard(name: str, said: str) -> re.Match[str] | None:
    return phrases("understanding", name).search(said)


def speaks_of_agents(said: str) -> bool:
    """Some kind of agent is named, and it is not ice cream."""
    said = phrases("understanding", "about_agents_other").sub(" ", said)
    return any(_heard(name, said) for name in (*AGENCIES.values(), "agents_immigration", "agents_police", "agents_some"))


def uniform(text: str) -> str:
    """Whose agents, as said: `ICE, CBP, HSI, police, immigration`, or `unknown` where it was not said or not sure."""
    said = plain(text)
    denied = {name for match in phrases("understanding", "not_agency").finditer(said) for name in _agencies(match[0])}
    said = phrases("understanding", "not_agency", "about_agents_other").sub(" ", said)
    named = [name for name in _agencies(said) if name not in denied]
    if not named or (len(named) > 1 and _heard("uncertain_agency", said)):
        return "unknown"
    return named[0]


def _agencies(said: str) -> list[str]:
    """In the order in which they are named; the general words after the agencies' own."""
    own = {name: match.start() for name, words in AGENCIES.items() if (match := _heard(words, said))}
    general = [name for name in ("immigration", "police") if _heard(f"agents_{name}", said)]
    return [*sorted(own, key=lambda name: own[name]), *general]


def activity(text: str) -> str | None:
    """The gravest thing it says they did."""
    said = plain(text)
    return next((kind for kind in ACTIVITIES if _heard(f"activity_{kind}", said)), None)


def equipment(text: str) -> tuple[str, ...]:
    said = plain(text)
    return tuple(kind for kind in EQUIPMENT if _heard(kind, said))


def first_hand(text: str) -> bool:
    """False for what somebody was told. A neighbor named as having seen it is a witness; "the moms say so" is not."""
    said = phrases("understanding", "not_hearsay").sub(" ", plain(text))
    return not (_heard("hearsay", said) and not _heard("witnessed", said))


def time(text: str) -> tuple[str, bool]:
    """When (`now, minutes, earlier, future, unspecified`), and whether the text says so or it is our reading."""
    said = plain(text)
    if when := _said_time(said, folded(text)):
        return when, True
    if not first_hand(text):
        return "unspecified", False
    if _heard("activity_took_people", said):
        return ("earlier", False) if _heard("took_then", said) else _lately(said)
    return "now", False


def _lately(said: str) -> tuple[str, bool]:
    return ("minutes", False) if _heard("took_lately", said) else ("now", False)


def _said_time(said: str, punctuated: str) -> str | None:
    tomorrow = phrases("understanding", "morning").sub(" ", said)
    if _heard("time_future", tomorrow):
        return "future"
    if _heard("time_minutes", said) and (_heard("ago", said) or not _heard("time_strong", said)):
        return "minutes"
    if _heard("time_strong", said) and not _heard("past_told", said):
        return "now"
    if _heard("time_earlier", said) or _heard("past_told", said) or _CLOCK.search(punctuated):
        return "earlier"
    return "now" if _heard("time_now", said) and not _heard("activity_took_people", said) else None
