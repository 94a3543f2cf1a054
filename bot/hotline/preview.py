"""What would the hotline make of a text, and answer? Without a database: for translators, organizers and tests.

What depends on what is known right now (CHECK, AID, DATA) is answered as it would be on a quiet day, by somebody unknown.
"""

from typing import Any

from bot.clock import now
from bot.hotline.crying_out import KINDS
from bot.hotline.foretold import to_command
from bot.hotline.reporting import MOST_CHOICES
from bot.hotline.said_in_words import only_thanks
from bot.hotline.talk import FIRST_LANGUAGE
from bot.hotline.understanding import Understanding, as_json
from bot.places import gazetteer, neighborhoods
from bot.reports import intake
from bot.rights import library
from bot.settings import settings
from messages import catalog, languages, tongue
from messages.formats import clock_time, numbered


def explained(text: str, language: str | None = None) -> dict[str, Any]:
    """The JSON line of `python -m bot understand` for one text."""
    return as_json(text, language, reply=lambda understood: reply(understood, text))


def reply(understood: Understanding, text: str = "") -> str:
    """The first words a stranger would be answered with. `text` tells in which letters."""
    language = tongue.script(_language(understood), text)
    if understood.intent == "emergency":
        kind = KINDS.get(understood.topic or "", "other")
        return catalog.text(f"emergencies.first_{kind}", language)
    if understood.command is not None:
        found = understood.found
        asks_of_a_place = understood.command.name == "CHECK" and found is not None and (found.key or found.outside)
        return _to_rumor(understood, language) if asks_of_a_place else to_command(understood.command, language)
    match understood.intent:
        case "report":
            return _to_report(understood, language)
        case "rumor_check":
            return _to_rumor(understood, language)
        case "question" if understood.topic:
            return library.answer(understood.topic, language, settings().demo)
        case "question" if understood.choices:
            titles = [library.title(topic, language) for topic in understood.choices]
            return catalog.text("hotline.topics", language, choices=numbered(titles))
    return catalog.text("hotline.here" if only_thanks(text) else "hotline.not_understood", language)


def _language(understood: Understanding) -> str:
    code = understood.language
    return languages.base(code) if code and languages.is_complete(code) else FIRST_LANGUAGE if not code else "en"


def _to_report(understood: Understanding, language: str) -> str:
    found, sighting = understood.found, understood.sighting
    if found is not None and found.outside:
        return catalog.text("hotline.report_outside", language, place=found.outside)
    if found is None or not found.key:
        return catalog.text("hotline.report_no_place", language)
    if found.ask and not 1 < len(found.choices) <= MOST_CHOICES:
        asked_back = "hotline.report_which_store" if found.kind == "chain" else "hotline.report_other_street"
        return catalog.text(asked_back, language, place=found.place or found.matched)
    if found.ask and found.choices:
        choices = numbered([neighborhoods.name_of(area, language) for area in found.choices])
        return catalog.text("hotline.report_which", language, choices=choices)
    asked = [catalog.text(f"hotline.ask_{letter}", language) for letter in _missing(sighting)][:2]
    return catalog.text(
        "hotline.report_received",
        language,
        understood=(sighting.summary(language) if sighting else "")
        or catalog.text("hotline.understood_nothing", language),
        ask=" ".join(asked) or catalog.text("hotline.no_question", language),
    )


def _missing(sighting: intake.Sighting | None) -> list[str]:
    return [letter for letter in sighting.missing if letter != "place"] if sighting else []


def _to_rumor(understood: Understanding, language: str) -> str:
    found = understood.found
    if found is None or not (found.key or found.outside):
        return catalog.text("hotline.check_where", language)
    if found.outside:
        return catalog.text("hotline.check_outside", language, place=found.outside)
    place = gazetteer.label(found, language)
    return catalog.text("alerts.known_nothing", language, place=place, time=clock_time(now(), language))
