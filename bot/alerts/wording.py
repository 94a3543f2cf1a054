"""Which words does an alert have? Prewritten sentences with slots, in every complete language, for both channels.

What a reporter wrote is never among the slots. On SMS an alert is one segment (two outside GSM-7): a long place gives way, the
advice does not.
"""

import datetime as dt
from typing import Any

from bot.channels.segments import for_sms, measure
from bot.contacts.models import Channel
from bot.incidents.models import Incident
from bot.incidents.places import short_area, spoken
from bot.outbox.models import Kind
from messages import catalog, formats, languages

Texts = dict[tuple[str, Channel], str]
UNFOUNDED = "unfounded"
SHORTEST_PLACE = 8


def slots_of(
    incident: Incident, kind: Kind, *, seen: dt.datetime, until: dt.datetime, was: str | None
) -> dict[str, Any]:
    """What fills the sentences, as it is kept with the alert."""
    return {
        "code": incident.code,
        "place_key": incident.place_key,
        "uniform": incident.uniform,
        "seen": seen.isoformat(),
        "until": until.isoformat(),
        "was": was,
    }


def texts_of(incident: Incident, kind: Kind, slots: dict[str, Any]) -> Texts:
    """Every rendition of it."""
    return {
        (language, channel): _sentence(incident, kind, slots, language, channel)
        for language in languages.WRITTEN
        for channel in Channel
    }


def values(slots: dict[str, Any], language: str) -> dict[str, str]:
    """The slots in one language, all but the place."""
    said = {
        "code": str(slots["code"]),
        "who": who(str(slots["uniform"]), language),
        "time": _time(slots["seen"], language),
        "until": _time(slots["until"], language),
    }
    if slots.get("was"):
        said["was"] = catalog.text(f"outcomes.was_{slots['was']}", language)
    return said


def who(uniform: str, language: str) -> str:
    known = uniform if uniform in ("ICE", "HSI", "CBP") else "immigration"
    return catalog.text(f"alerts.who_{known}", language)


def _sentence(incident: Incident, kind: Kind, slots: dict[str, Any], language: str, channel: Channel) -> str:
    key = _key(kind, slots)
    filled = values(slots, language)
    said = ""
    for place in _shorter_and_shorter(incident, language):
        said = catalog.text(key, language, place=place, **filled)
        if channel is not Channel.SMS or _is_short(said, language):
            break
    return said


def _key(kind: Kind, slots: dict[str, Any]) -> str:
    if slots.get("was") == UNFOUNDED:
        return "alerts.correction_unfounded"
    return "alerts.night" if kind is Kind.ALERT and slots.get("alone") else f"alerts.{kind}"


def _is_short(said: str, language: str) -> bool:
    """One segment; two in a script of which a segment holds less than half as much."""
    cost = measure(for_sms(said, language))
    return cost.segments <= (1 if cost.encoding == "GSM-7" else 2)


def _shorter_and_shorter(incident: Incident, language: str) -> list[str]:
    """`Pacific y Florence, HP`, then without the area, then cut."""
    place, area = spoken(incident, language), short_area(incident, language)
    whole = [f"{place}, {area}"] if area and area not in place and incident.latitude is not None else []
    cut = [f"{place[:length].rstrip(' ,&-')}..." for length in range(len(place) - 1, SHORTEST_PLACE, -1)]
    return [*whole, place, *cut]


def _time(moment: str, language: str) -> str:
    return formats.clock_time(dt.datetime.fromisoformat(moment), language)
