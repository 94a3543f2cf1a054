"""Somebody tells what they see: a receipt at once with what we understood, and at most two questions back."""

from dataclasses import replace

from bot.channels.segments import fits
from bot.hotline.talk import MOST_TRIES, Talk
from bot.moderation import paging
from bot.moderation.asking_models import Page
from bot.people import shifts
from bot.places import gazetteer, neighborhoods
from bot.places.found import Found
from bot.places.narrowing import narrowed
from bot.reports import adding, intake, matching
from bot.reports.intake import Sighting
from bot.reports.models import BRIGADE, Report, ReportKind
from messages.formats import moment, numbered

MOST_CHOICES = 5
"""More do not fit a text, nor a frightened reader."""


def report(talk: Talk) -> None:
    """Keep the report, let it find or open its incident, page verifiers, and answer."""
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    take_in(talk, talk.heard.text, sighting, talk.heard.found)


def take_in(talk: Talk, text: str, sighting: Sighting, found: Found | None) -> None:
    """A report in these words, of this place."""
    if found is not None and found.outside:
        talk.answered()
        return talk.say("hotline.report_outside", place=found.outside)
    kept = file(talk, sighting, ReportKind.REPORT, text)
    if matching.too_late(kept):
        too_late(talk, kept)
    elif found is None or not found.key:
        talk.say("hotline.report_no_place")
        talk.ask("report_place", report=kept.id, tries=1)
    elif found.ask:
        which(talk, found, report=kept.id)
    else:
        _receive(talk, kept, sighting)


def file(talk: Talk, sighting: Sighting, kind: ReportKind, text: str = "") -> Report:
    """`text`: the words to keep, where they are not those of this text."""
    talk.report = matching.file(
        talk.session,
        contact=talk.contact,
        text=text or talk.heard.text,
        language=talk.heard_language or talk.language,
        kind=kind,
        sighting=sighting,
        at=talk.at,
        address=talk.address,
    )
    return talk.report


def placed(talk: Talk, report_id: int, tries: int) -> None:
    """The answer to "where?". After two tries they are not asked again: they hear that nobody can go."""
    kept = talk.report = talk.session.get(Report, report_id)
    if kept is None:
        return _gone(talk)
    if matching.too_late(kept):
        return too_late(talk, kept)
    found = talk.heard.pin or _answered_place(kept.text, talk.heard.text)
    if found.outside:
        talk.answered()
        return talk.say("hotline.report_outside", place=found.outside)
    # And what else they say; or half a corner, that the next answer completes.
    adding.add(kept, talk.heard.message.text)
    if found.key and not found.ask:
        return _located(talk, kept, found, tries)
    if tries >= MOST_TRIES:
        talk.answered()
        talk.say("hotline.report_no_place_later")
    elif found.ask:
        which(talk, found, report=report_id, tries=tries + 1)
    else:
        talk.say("hotline.report_still_no_place")
        talk.ask("report_place", report=report_id, tries=tries + 1)


def _answered_place(told: str, answer: str) -> Found:
    """What the answer names; where it is only half a corner, with the half they told before."""
    alone = gazetteer.find(answer)
    if not told or (alone.key and not alone.ask and alone.kind != "street"):
        return alone
    together = gazetteer.find(f"{told} & {answer}")
    return together if together.key and not together.ask else alone


def chose_place(talk: Talk, report_id: int, choices: list[str], tries: int) -> None:
    """The answer to "which of these?": its number, or another street. A number that was not offered is asked once more."""
    area = talk.chosen(choices)
    kept = talk.report = talk.session.get(Report, report_id)
    if kept is None:
        _gone(talk)
    elif area is not None:
        _located(talk, kept, narrowed(kept.text, area), tries)
    elif talk.is_command("NUMBER", "AFFIRM") and tries < MOST_TRIES:
        _choose(talk, choices, report_id, tries + 1)
    else:
        placed(talk, report_id, MOST_TRIES)


def told_more(talk: Talk, report_id: int) -> None:
    """The answer to our second questions: added to the report, never a new one."""
    kept = talk.report = talk.session.get(Report, report_id)
    if kept is None:
        return _gone(talk)
    talk.answered()
    adding.add(kept, talk.heard.message.text)
    talk.say("hotline.report_thanks")


def which(talk: Talk, found: Found, *, report: int, tries: int = 1) -> None:
    """A few neighborhoods are offered by number; of a street through all of town, the other street is asked; of a shop that
    is everywhere, its own.
    """
    if not 1 < len(found.choices) <= MOST_CHOICES:
        asked = "hotline.report_which_store" if found.kind == "chain" else "hotline.report_other_street"
        talk.say(asked, place=found.place or found.matched)
        return talk.ask("report_place", report=report, tries=tries)
    _choose(talk, list(found.choices), report, tries)


def _choose(talk: Talk, choices: list[str], report_id: int, tries: int) -> None:
    names = [neighborhoods.name_of(area, talk.language) for area in choices]
    talk.say("hotline.report_which", choices=numbered(names))
    talk.ask("report_which", report=report_id, choices=choices, tries=tries)


def _gone(talk: Talk) -> None:
    """The report was erased meanwhile: what they write now is heard anew."""
    talk.answered()
    talk.say("hotline.not_understood")


def _located(talk: Talk, kept: Report, found: Found, asked: int) -> None:
    matching.locate(talk.session, kept, found)
    _receive(talk, kept, intake.read(kept.text, talk.language, place=found), asked)


def _receive(talk: Talk, kept: Report, sighting: Sighting, already: int = 0) -> None:
    """What we understood, whether anybody can look, and what is still missing: two questions in all, with those `already`
    asked. Pages go out with it.
    """
    if matching.too_late(kept):
        return too_late(talk, kept)
    incident, paged = kept.incident, _ask_to_look(talk, kept)
    somebody = incident is not None and paging.somebody_looks(talk.session, incident, paged)
    missing = [letter for letter in sighting.missing if letter != "place"]
    asked = [talk.words(f"hotline.ask_{letter}") for letter in missing][: max(0, MOST_TRIES - already)]
    key = "hotline.report_received" if somebody else _nobody_yet(talk, kept)
    values = _receipt(talk, key, sighting, asked)
    talk.say(key, values=values)
    if asked:
        talk.ask("report_more", report=kept.id)
    else:
        talk.answered()


def _nobody_yet(talk: Talk, kept: Report) -> str:
    """Nobody looks: because nobody is on shift, or for now, while somebody is."""
    if kept.set_aside in BRIGADE or shifts.on_shift(talk.session):
        return "hotline.report_received_maybe"
    return "hotline.report_received_nobody"


def _ask_to_look(talk: Talk, kept: Report) -> list[Page] | None:
    """Verifiers are not sent where only a number that tells of everything has been; whoever was sent hears of a nearer place.
    `None`: nobody was asked now.
    """
    if kept.incident is None or kept.set_aside in BRIGADE:
        return None
    if matching.placed_it_anew(talk.session, kept):
        return paging.page_again(talk.session, kept.incident) or paging.page(talk.session, kept.incident)
    return paging.page(talk.session, kept.incident)


def _receipt(talk: Talk, key: str, sighting: Sighting, asked: list[str]) -> dict[str, str]:
    """What was understood and what is asked, less what an answer has no room for: the vehicles, then the second question."""
    brief = replace(sighting, vehicle_kind=None)
    for seen, questions in ((sighting, asked), (brief, asked), (brief, asked[:1])):
        values = {
            "understood": seen.summary(talk.language) or talk.words("hotline.understood_nothing"),
            "ask": " ".join(questions) or talk.words("hotline.no_question"),
        }
        if fits(talk.words(key, **values), talk.language):
            break
    return values


def too_late(talk: Talk, kept: Report) -> None:
    """Nobody can look at what was there then: say so, and ask to be told again if it is still there."""
    talk.answered()
    talk.say("hotline.report_too_late", time=moment(kept.received_at, talk.language))
