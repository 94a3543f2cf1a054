"""What would the hotline make of a text, and answer? Without a database: for translators, organizers and tests.

What depends on what is known right now (CHECK, AID, DATA) is answered as it would be on a quiet day, by somebody unknown.
"""

from typing import Any

from bot.clock import ahead, now
from bot.hotline.command import Command
from bot.hotline.crying_out import KINDS
from bot.hotline.reporting import MOST_CHOICES
from bot.hotline.talk import FIRST_LANGUAGE
from bot.hotline.understanding import Understanding, as_json
from bot.places import gazetteer, neighborhoods
from bot.reports import intake
from bot.rights import library
from bot.settings import settings
from bot.stewardship.forget import UNREADABLE_DAYS
from messages import catalog, languages
from messages.formats import clock_time, day

WORDS_FOR = {
    "STOP": "hotline.stopped", "START": "hotline.started_new", "DELETE": "hotline.deleted", "FORGET": "hotline.forgotten",
    "REPORT": "hotline.report_how", "RIGHTS": "hotline.rights_menu", "MORE": "hotline.more_nothing", "HELP": "hotline.help",
    "SOS": "emergencies.first_other", "NUMBER": "hotline.number_unasked", "CODE": "hotline.number_unasked",
    "JOIN": "hotline.welcome", "LEAVE": "joining.not_found", "WHO": "hotline.who", "DATA": "hotline.data",
    "LANG": "hotline.language_ask", "AID": "hotline.aid_menu",
}  # fmt: skip


def explained(text: str, language: str | None = None) -> dict[str, Any]:
    """The JSON line of `python -m bot understand` for one text."""
    return as_json(text, language, reply=reply)


def reply(understood: Understanding) -> str:
    """The first words a stranger would be answered with."""
    language = _language(understood)
    if understood.intent == "emergency":
        kind = KINDS.get(understood.topic or "", "other")
        return catalog.text(f"emergencies.first_{kind}", understood.language or language)
    if understood.command is not None:
        return _to_command(understood.command, understood, language)
    match understood.intent:
        case "report":
            return _to_report(understood, language)
        case "rumor_check":
            return _to_rumor(understood, language)
        case "question" if understood.topic:
            return library.answer(understood.topic, language, settings().demo)
        case "question" if understood.choices:
            titles = [library.title(topic, language) for topic in understood.choices]
            return catalog.text("hotline.topics", language, choices=_numbered(titles))
    return catalog.text("hotline.not_understood", language)


def _language(understood: Understanding) -> str:
    code = understood.language
    return languages.base(code) if code and languages.is_complete(code) else FIRST_LANGUAGE if not code else "en"


def _to_command(command: Command, understood: Understanding, language: str) -> str:
    if command.name == "JOIN" and command.argument:
        return _to_area(command.argument, language)
    if command.name == "LANG" and command.argument and languages.is_complete(command.argument):
        return catalog.text("hotline.language_set", command.argument)
    if command.name == "CHECK":
        return _to_rumor(understood, language)
    if command.name == "AID" and command.argument == "off":
        return catalog.text("hotline.aid_left", language)
    return catalog.text(WORDS_FOR.get(command.name, "hotline.menu"), language, **_facts(language))


def _facts(language: str) -> dict[str, object]:
    """What a stranger would read where an answer tells of us or of them."""
    return {
        "operator": settings().operator_name or catalog.text("hotline.operator_unnamed", language),
        "day": day(ahead(days=UNREADABLE_DAYS), language),
        "areas": catalog.text("hotline.data_none", language),
        "spoken": languages.language(language).own_name,
        "month": f"{now():%Y-%m}",
        "channel": "sms",
        "reports": 0,
    }


def _to_area(text: str, language: str) -> str:
    found = gazetteer.find_area(text)
    if len(found.neighborhoods) == 1 and not found.ask:
        return catalog.text("joining.confirm", language, area=neighborhoods.name_of(found.neighborhoods[0], language))
    return catalog.text("joining.not_found", language)


def _to_report(understood: Understanding, language: str) -> str:
    found, sighting = understood.found, understood.sighting
    if found is not None and found.outside:
        return catalog.text("hotline.report_outside", language, place=found.outside)
    if found is None or not found.key:
        return catalog.text("hotline.report_no_place", language)
    if found.ask and len(found.choices) > MOST_CHOICES:
        return catalog.text("hotline.report_other_street", language, place=found.place or found.matched)
    if found.ask and found.choices:
        choices = _numbered([neighborhoods.name_of(area, language) for area in found.choices])
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


def _numbered(names: list[str]) -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(names, start=1))
