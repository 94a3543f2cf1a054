"""Is it true? What is known of a place or an alert's code, with the time it was looked at; silence is not safety."""

from bot.alerts import known
from bot.hotline.reporting import MOST_CHOICES, file
from bot.hotline.talk import MOST_TRIES, Talk
from bot.places import gazetteer, neighborhoods
from bot.places.found import Found
from bot.places.narrowing import narrowed
from bot.reports import intake
from bot.reports.models import ReportKind
from messages.formats import numbered


def check(talk: Talk, argument: str, tries: int = 0) -> None:
    """CHECK K7Q, CHECK pacific y florence, or CHECK alone (then: where?)."""
    if not argument and talk.heard.found is None:
        return _where(talk, tries)
    if known.is_code(talk.session, argument):
        talk.answered()
        said = known.of_code(talk.session, argument)
        return talk.say(said.key, values=said.words(talk.language))
    _check_place(talk, talk.heard.pin or gazetteer.find(argument or talk.heard.text), tries)


def where(talk: Talk, tries: int, half: str) -> None:
    """The answer to "which place?". `half`: the street they named before, that this one may cross."""
    if talk.is_command("DENY"):
        return talk.lets_go()
    corner = gazetteer.find(f"{half} & {talk.heard.text}") if half else None
    if corner is not None and corner.key and not corner.ask:
        return _say_known(talk, corner)
    check(talk, talk.heard.text, tries)


def chose_place(talk: Talk, choices: list[str], place: str, tries: int) -> None:
    """The answer to "which one?": its number, or another place."""
    area = talk.chosen(choices)
    if area is not None:
        return _say_known(talk, narrowed(place, area))
    if talk.is_command("DENY"):
        return talk.lets_go()
    if talk.is_command("NUMBER", "AFFIRM"):
        return _which(talk, choices, place, tries + 1) if tries < MOST_TRIES else talk.lets_go()
    _check_place(talk, gazetteer.find(talk.heard.text), tries)


def rumor(talk: Talk) -> None:
    """They heard it from others: kept as a question, which counts as no report, and answered with what is known."""
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    found = talk.heard.found
    if found is not None and found.key and not found.ask and not found.outside:
        file(talk, sighting, ReportKind.RUMOR)
    if found is None:
        return _where(talk, 0)
    _check_place(talk, found, 0)


def _check_place(talk: Talk, found: Found, tries: int) -> None:
    if found.outside:
        talk.answered()
        talk.say("hotline.check_outside", place=found.outside)
    elif found.ask and (len(found.choices) > MOST_CHOICES or (found.kind == "chain" and not found.choices)):
        _where(talk, tries, found)
    elif found.ask and found.choices:
        _which(talk, list(found.choices), found.matched, 1)
    elif not found.key:
        _where(talk, tries)
    else:
        _say_known(talk, found)


def _where(talk: Talk, tries: int, street: Found | None = None) -> None:
    """Asked twice in vain, we wait until they know it. `street`: what they named runs through all of town."""
    if tries >= MOST_TRIES:
        talk.answered()
        return talk.say("hotline.check_later")
    if street is not None:
        asked = "hotline.check_which_store" if street.kind == "chain" else "hotline.check_other_street"
        talk.say(asked, place=street.place or street.matched)
    else:
        talk.say("hotline.check_where")
    talk.ask("check_where", tries=tries + 1, half=street.matched if street else "")


def _which(talk: Talk, choices: list[str], place: str, tries: int) -> None:
    names = [neighborhoods.name_of(area, talk.language) for area in choices]
    talk.say("hotline.check_which", choices=numbered(names))
    talk.ask("check_which", choices=choices, place=place, tries=tries)


def _say_known(talk: Talk, found: Found) -> None:
    talk.answered()
    said = known.of_place(talk.session, found)
    talk.say(said.key, values=said.words(talk.language))
