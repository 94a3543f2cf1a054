"""Is it true? What is known of a place or an alert's code, with the time it was looked at; silence is not safety."""

from bot.alerts import known
from bot.hotline.narrowing import narrowed
from bot.hotline.reporting import MOST_CHOICES, file
from bot.hotline.talk import Talk
from bot.places import gazetteer, neighborhoods
from bot.places.found import Found
from bot.reports import intake
from bot.reports.models import ReportKind


def check(talk: Talk, argument: str) -> None:
    """CHECK K7Q, CHECK pacific y florence, or CHECK alone (then: where?)."""
    if not argument and talk.heard.found is None:
        talk.say("hotline.check_where")
        return talk.ask("check_where")
    if known.is_code(talk.session, argument):
        talk.answered()
        said = known.of_code(talk.session, argument)
        return talk.say(said.key, values=said.words(talk.language))
    _check_place(talk, talk.heard.pin or gazetteer.find(argument or talk.heard.text))


def chose_place(talk: Talk, choices: list[str], place: str) -> None:
    area = talk.chosen(choices)
    if area is None:
        return _check_place(talk, gazetteer.find(talk.heard.text))
    _say_known(talk, narrowed(place, area))


def rumor(talk: Talk) -> None:
    """They heard it from others: kept as a question, which counts as no report, and answered with what is known."""
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    found = talk.heard.found
    if found is not None and found.key and not found.ask and not found.outside:
        file(talk, sighting, ReportKind.RUMOR)
    if found is None:
        talk.say("hotline.check_where")
        return talk.ask("check_where")
    _check_place(talk, found)


def _check_place(talk: Talk, found: Found) -> None:
    if found.outside:
        talk.answered()
        return talk.say("hotline.check_outside", place=found.outside)
    if found.ask and len(found.choices) > MOST_CHOICES:
        talk.say("hotline.report_other_street", place=found.place or found.matched)
        return talk.ask("check_where")
    if found.ask and found.choices:
        names = [neighborhoods.name_of(area, talk.language) for area in found.choices]
        talk.say("hotline.check_which", choices=talk.numbered(names))
        return talk.ask("check_which", choices=list(found.choices), place=found.matched)
    if not found.key:
        talk.say("hotline.check_where")
        return talk.ask("check_where")
    _say_known(talk, found)


def _say_known(talk: Talk, found: Found) -> None:
    talk.answered()
    said = known.of_place(talk.session, found)
    talk.say(said.key, values=said.words(talk.language))
