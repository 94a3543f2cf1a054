"""What does a text say of Activity, Uniform, Time and Equipment, and did its writer see it? (Size: `counting.py`.)"""

import re

from messages.tongue import search, without
from messages.wording import folded, plain

ACTIVITIES = ("took_people", "at_door", "checkpoint", "stopped", "driving", "workplace", "standing")
"""The graver first: agents who stand at a car wash and take people are taking people."""

EQUIPMENT = ("weapons", "vests", "masks", "helicopter", "dogs", "unmarked", "drone")

AGENCIES = {"CBP": "agents_cbp", "HSI": "agents_hsi", "ICE": "agents_ice"}

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?[ap]\.?m\b|\ba las? \d{1,2}\b")


def speaks_of_agents(said: str) -> bool:
    """Some kind of agent is named, and it is not ice cream."""
    said = without(said, "about_agents_other")
    return any(
        search(said, name) for name in (*AGENCIES.values(), "agents_immigration", "agents_police", "agents_some")
    )


def uniform(text: str) -> str:
    """Whose agents, as said: `ICE, CBP, HSI, police, immigration`, or `unknown` where it was not said or not sure."""
    said = plain(text)
    denied = _denied(said)
    said = without(said, "not_agency", "about_agents_other")
    named = [name for name in _agencies(said) if name not in denied]
    if not named or (len(named) > 1 and search(said, "uncertain_agency")):
        return "unknown"
    return named[0] if named[0] != "other" else "unknown"


def _denied(said: str) -> list[str]:
    """ "It was not la migra": whose it was not."""
    match = search(said, "not_agency")
    return _agencies(match[0]) if match else []


def _agencies(said: str) -> list[str]:
    """In the order in which they are named; the general words after the agencies' own."""
    own = {name: match.start() for name, words in AGENCIES.items() if (match := search(said, words))}
    general = [name for name in ("immigration", "police", "other") if search(said, f"agents_{name}")]
    return [*sorted(own, key=lambda name: own[name]), *general]


def activity(text: str) -> str | None:
    """The gravest thing it says they did."""
    said = plain(text)
    return next((kind for kind in ACTIVITIES if search(said, f"activity_{kind}")), None)


def moved_on(text: str) -> bool:
    """It says that they went on from where they were, to the place it names."""
    return search(plain(text), "moved_on") is not None


def equipment(text: str) -> tuple[str, ...]:
    said = plain(text)
    return tuple(kind for kind in EQUIPMENT if search(said, kind))


def first_hand(text: str) -> bool:
    """False for what somebody was told. A neighbor named as having seen it is a witness; "the moms say so" is not."""
    said = without(plain(text), "not_hearsay")
    if search(said, "unseen"):
        return False
    return not (search(said, "hearsay") and not search(said, "witnessed"))


def time(text: str) -> tuple[str, bool]:
    """When (`now, minutes, earlier, future, unspecified`), and whether the text says so or it is our reading."""
    said = plain(text)
    if when := _said_time(said, folded(text)):
        return when, True
    if not first_hand(text):
        return "unspecified", False
    if search(said, "activity_took_people"):
        return ("earlier", False) if search(said, "took_then") else _lately(said)
    return "now", False


def _lately(said: str) -> tuple[str, bool]:
    if search(said, "took_now"):
        return "now", False
    return ("minutes", False) if search(said, "took_lately") else ("now", False)


def _said_time(said: str, punctuated: str) -> str | None:
    said = without(said, "not_lately")
    tomorrow = without(said, "morning")
    if search(tomorrow, "time_future"):
        return "future"
    if search(said, "time_minutes") and (
        search(said, "time_just") or search(said, "ago") or not search(said, "time_strong")
    ):
        return "minutes"
    if search(said, "time_strong") and not search(said, "past_told"):
        return "now"
    if search(said, "time_earlier") or search(said, "past_told") or _CLOCK.search(punctuated):
        return "earlier"
    told_now = search(said, "time_now") and first_hand(said)
    return "now" if told_now and not search(said, "activity_took_people") else None
